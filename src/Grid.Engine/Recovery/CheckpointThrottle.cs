namespace Grid.Engine;

/// <summary>
/// Keeps checkpoints to a share of the engine's time, however much there is to save: after each stretch of work they rest for a multiple of the
/// time that it took in shards and on the journal's thread. They do not rest while somebody waits for one, nor while memory is too full.
/// </summary>
internal sealed class CheckpointThrottle(EngineCore core)
{
    /// <summary>A checkpoint takes one part in so many of the engine's time.</summary>
    public const int Share = 5;

    /// <summary>How much more than <see cref="EngineOptions.MaxResidentEntities"/> are too many.</summary>
    private const double Crowded = 1.1;

    // Shorter rests are put off to the next time: a timer does not wake that soon.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _spent;
    private long _ofJournal;
    private int _hurried;
    private TimeSpan _owed;

    /// <summary>Whether entities should leave memory at once.</summary>
    public bool IsCrowded => core.Residents() > core.Options.MaxResidentEntities * Crowded;

    /// <summary>Has checkpoints go on without rest until <see cref="Calm"/>; one that rests goes on at once.</summary>
    public void Hurry()
    {
        lock (_lock)
        {
            _hurried++;
            _hurry.TrySetResult();
        }
    }

    public void Calm()
    {
        lock (_lock)
        {
            if (--_hurried == 0)
            {
                _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>The slice of a shard task, with its time counted.</summary>
    public Func<Shard, bool> Timed(Func<Shard, bool> slice) => shard =>
    {
        var started = core.Time.GetTimestamp();
        var more = slice(shard);
        Interlocked.Add(ref _spent, core.Time.GetTimestamp() - started);
        return more;
    };

    /// <summary>Rests for what was done since the last rest. One caller at a time.</summary>
    public async Task RestAsync()
    {
        _owed += (Share - 1) * Spent();
        while (_owed > Least)
        {
            var hurry = HurryTask();
            if (hurry.IsCompleted || IsCrowded)
            {
                _owed = TimeSpan.Zero;
                return;
            }

            var started = core.Time.GetTimestamp();
            await Task.WhenAny(hurry, Task.Delay(_owed < Most ? _owed : Most, core.Time)).ConfigureAwait(false);
            _owed -= core.Time.GetElapsedTime(started);
        }
    }

    private Task HurryTask()
    {
        lock (_lock)
        {
            return _hurry.Task;
        }
    }

    private TimeSpan Spent()
    {
        var ofJournal = core.Journal.OtherWork;
        var spent = Interlocked.Exchange(ref _spent, 0) + ofJournal - _ofJournal;
        _ofJournal = ofJournal;
        return core.Time.GetElapsedTime(0, spent);
    }
}

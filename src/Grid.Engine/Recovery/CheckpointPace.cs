using System.Diagnostics;

namespace Grid.Engine;

/// <summary>
/// Keeps checkpoints to a share of the engine's time, however much there is to save: after each stretch of work they rest for a multiple of the
/// time that it took in shards and on the journal's thread. They do not rest while somebody waits for one, nor while memory is too full.
/// </summary>
internal sealed class CheckpointPace(EngineCore core)
{
    /// <summary>A checkpoint takes one part in so many of the engine's time.</summary>
    public const int Share = 5;

    /// <summary>How much more than <see cref="EngineOptions.MaxResidentEntities"/> are too many.</summary>
    private const double Crowded = 1.1;

    // Shorter rests are put off to the next time: a timer does not wake that soon.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(50);

    private long _spent;
    private long _ofJournal;
    private int _hurried;
    private TimeSpan _owed;

    /// <summary>Whether entities should leave memory at once.</summary>
    public bool IsCrowded => core.Residents() > core.Options.MaxResidentEntities * Crowded;

    /// <summary>Has checkpoints go on without rest until <see cref="Calm"/>.</summary>
    public void Hurry() => Interlocked.Increment(ref _hurried);

    public void Calm() => Interlocked.Decrement(ref _hurried);

    /// <summary>The slice of a shard task, with its time counted.</summary>
    public Func<Shard, bool> Timed(Func<Shard, bool> slice) => shard =>
    {
        var started = Stopwatch.GetTimestamp();
        var more = slice(shard);
        Interlocked.Add(ref _spent, Stopwatch.GetTimestamp() - started);
        return more;
    };

    /// <summary>Rests for what was done since the last rest. One caller at a time.</summary>
    public async Task RestAsync()
    {
        _owed += (Share - 1) * Spent();
        while (_owed > Least)
        {
            if (Volatile.Read(ref _hurried) > 0 || IsCrowded)
            {
                _owed = TimeSpan.Zero;
                return;
            }

            var started = Stopwatch.GetTimestamp();
            await Task.Delay(_owed < Most ? _owed : Most, TimeProvider.System).ConfigureAwait(false);
            _owed -= Stopwatch.GetElapsedTime(started);
        }
    }

    private TimeSpan Spent()
    {
        var ofJournal = core.Journal.OtherWork;
        var spent = Interlocked.Exchange(ref _spent, 0) + ofJournal - _ofJournal;
        _ofJournal = ofJournal;
        return Stopwatch.GetElapsedTime(0, spent);
    }
}

using System.Collections.Concurrent;

namespace Grid.Postgres;

/// <summary>What came in for one lane and waits for its flush. Many threads put in, the lane's loop takes out.</summary>
internal sealed class LaneIntake : IDisposable
{
    private const string Stopped = "The log was closed.";

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ConcurrentQueue<PendingRow> _rows = new();
    private readonly EventLogOptions _options;
    private readonly ITimer _lazy;
    private Batch _open = new();
    private Batch _spare = new();
    private bool _asleep;
    private bool _lazyDue;
    private bool _stopping;

    public LaneIntake(EventLogOptions options, TimeProvider time)
    {
        _options = options;
        _lazy = time.CreateTimer(_ => LazyDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => _open.Rows.Count;

    public bool HasRoom => _open.Rows.Count < _options.QueueRows && _open.Length < _options.QueueBytes;

    /// <inheritdoc cref="EntityWriter.AppendAsync"/>
    public ValueTask<Appended> Append(EntityWriter writer, in LogRow row)
    {
        ValueTask<Appended> task;
        bool wake;
        lock (_lock)
        {
            if (writer.Broken is null && Refusal(row.Body.Length) is { } refusal)
            {
                writer.Break(refusal);
            }

            if (writer.Broken is { } broken)
            {
                return ValueTask.FromException<Appended>(broken);
            }

            writer.Advance(row.Version);
            if (!_rows.TryDequeue(out var pending))
            {
                pending = new(this);
            }

            pending.Begin(writer, row, _open);
            _open.Rows.Add(pending);
            task = pending.Task;
            wake = FallsAwake();
        }

        WakeIf(wake);
        return task;
    }

    /// <inheritdoc cref="EntityWriter.SaveSnapshotAsync"/>
    public Task Add(PendingSnapshot snapshot)
    {
        lock (_lock)
        {
            if (_stopping || _open.SnapshotLength > _options.QueueBytes)
            {
                snapshot.End(new LogUnavailableException(_stopping ? Stopped : "Too many snapshots wait for the log.", false));
            }
            else
            {
                BeginLazy();
                _open.Add(snapshot);
            }
        }

        return snapshot.Task;
    }

    /// <summary>Puts rows that cannot be written yet before all others, and snapshots whose rows are not on disk yet beside the others.</summary>
    public void PutBack(List<PendingRow> rows, List<PendingSnapshot> snapshots)
    {
        lock (_lock)
        {
            foreach (var row in rows)
            {
                row.MoveTo(_open);
            }

            _open.Rows.InsertRange(0, rows);
            foreach (var snapshot in snapshots)
            {
                BeginLazy();
                _open.Add(snapshot);
            }
        }
    }

    /// <summary>Waits for something to write.</summary>
    /// <returns>The batch that has gathered; null when everything is written and nothing will come any more.</returns>
    public async ValueTask<Batch?> TakeAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_open.Rows.Count > 0 || (!_open.IsEmpty && (_lazyDue || _stopping)))
                {
                    var taken = _open;
                    (_open, _spare, _lazyDue) = (_spare, null!, false);
                    return taken;
                }

                if (_stopping)
                {
                    return null;
                }

                _asleep = true;
            }

            await _wake.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a batch back, to be filled again.</summary>
    public void GiveBack(Batch batch) => _spare = batch;

    public void GiveBack(PendingRow row) => _rows.Enqueue(row);

    /// <summary>Takes nothing any more.</summary>
    public void Stop()
    {
        bool wake;
        lock (_lock)
        {
            _stopping = true;
            wake = FallsAwake();
        }

        WakeIf(wake);
    }

    public void Dispose()
    {
        _lazy.Dispose();
        _wake.Dispose();
    }

    private LogUnavailableException? Refusal(int length)
    {
        if (_stopping)
        {
            return new(Stopped, false);
        }

        return _open.Rows.Count >= _options.QueueRows || (_open.Rows.Count > 0 && _open.Length + (long)length > _options.QueueBytes)
            ? new($"The log's queue is full: {_open.Rows.Count} rows of {_open.Length} bytes wait for the database. Asking again later may do.", false)
            : null;
    }

    private void LazyDue()
    {
        bool wake;
        lock (_lock)
        {
            _lazyDue = true;
            wake = FallsAwake();
        }

        WakeIf(wake);
    }

    /// <summary>Has what is not urgent written after a while, unless rows take it along before.</summary>
    private void BeginLazy()
    {
        if (_open.Snapshots.Count == 0)
        {
            _lazy.Change(_options.LazyDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private bool FallsAwake()
    {
        var wake = _asleep;
        _asleep = false;
        return wake;
    }

    private void WakeIf(bool wake)
    {
        if (wake)
        {
            _wake.Release();
        }
    }
}

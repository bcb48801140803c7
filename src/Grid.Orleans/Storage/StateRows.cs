using Grid.Postgres;

using Orleans.Storage;

namespace Grid.Orleans;

/// <summary>
/// The rows of one activation as grain state: written whole, once for all that has gathered while the write before was under way, and fenced by the
/// provider's ETag. What a write does not take fails, and everything after it, until the state is read again.
/// </summary>
internal sealed class StateRows(EntityId entity, IGrainContext activation, IPersistentState<StoredBytes> state, long retention) : IEntityRows
{
    private readonly Lock _lock = new();
    private List<StoredRow> _rows = [];
    private TaskCompletionSource<Appended>? _next;
    private Exception? _broken;
    private long _version;
    private bool _writing;
    private bool _isRead;

    public bool TakesSnapshots => false;

    public bool HasInbox => false;

    public IReadOnlyList<LogEntry> Untold { get; private set; } = [];

    public Task<EntityHistory> LoadAsync(bool whole, CancellationToken cancellation) => OnActivation.RunAsync(activation, async () =>
    {
        try
        {
            if (_isRead)
            {
                await state.ReadStateAsync();
            }

            _isRead = true; // Orleans reads it the first time, when the grain is activated.
            var (version, rows) = StoredRows.Read(entity, state.State?.Bytes);
            lock (_lock)
            {
                (_version, _rows, _broken) = (version, rows, null);
            }

            var before = rows.Count > 0 ? rows[0].Entry.Version - 1 : version;
            Untold = [.. rows.Where(row => row.Untold).Select(row => row.Entry)];
            return new EntityHistory(entity, before, ReadOnlyMemory<byte>.Empty, [.. rows.Select(row => row.Entry)], []);
        }
        catch (Exception e) when (e is not InvalidDataException)
        {
            throw new LogUnavailableException($"The state of {entity} cannot be read: {e.Message}", outcomeUnknown: false, e);
        }
    });

    public ValueTask<Appended> AppendAsync(in LogRow row)
    {
        lock (_lock)
        {
            if (_broken is { } broken)
            {
                return ValueTask.FromException<Appended>(broken);
            }

            _rows.Add(new(new(entity, row.Version, row.EventType, row.IdHash, row.At, row.Body.ToArray()), row.Tells is { Count: > 0 }));
            _version = row.Version;
            _next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            StartWriting();
            return new(_next.Task);
        }
    }

    public void Settle(long version)
    {
        lock (_lock)
        {
            var at = _rows.FindIndex(row => row.Entry.Version == version);
            if (at >= 0 && _broken is null)
            {
                _rows[at] = _rows[at] with { Untold = false }; // Goes with the next write; if there is none, others are told again.
            }
        }
    }

    public void SaveSnapshot(long version, ReadOnlySpan<byte> state)
    {
        // The rows are the state.
    }

    public Task<IReadOnlyList<LogEntry>> FindAsync(string eventType, ulong idHash, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<LogEntry>>([.. _rows.Select(row => row.Entry).Where(row => row.IdHash == idHash && row.EventType == eventType)]);
        }
    }

    public Task<IReadOnlyList<LogEntry>> FindAnywhereAsync(string eventType, ulong idHash, CancellationToken cancellation) => throw NoInbox();

    public Task<IReadOnlyList<LogEntry>> ReadInboxAsync(CancellationToken cancellation) => throw NoInbox();

    public Task<bool> IsInInboxAsync(RowId row, CancellationToken cancellation) => throw NoInbox();

    public Task<LogEntry?> ReadRowAsync(long version, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult(_rows.Find(row => row.Entry.Version == version)?.Entry);
        }
    }

    private static NotSupportedException NoInbox() => new("Grain state has no inbox.");

    private void StartWriting()
    {
        if (!_writing)
        {
            _writing = true;
            _ = OnActivation.RunAsync(activation, WriteAllAsync);
        }
    }

    private async Task<bool> WriteAllAsync()
    {
        while (true)
        {
            TaskCompletionSource<Appended> batch;
            byte[] bytes;
            lock (_lock)
            {
                if (_next is null || _broken is not null)
                {
                    _next?.TrySetException(_broken!);
                    _next = null;
                    _writing = false;
                    return true;
                }

                (batch, _next) = (_next, null);
                Trim();
                bytes = StoredRows.Write(_rows, _version);
            }

            try
            {
                state.State = new() { Bytes = bytes };
                await state.WriteStateAsync();
                batch.SetResult(default);
            }
            catch (Exception e)
            {
                Exception failure = e is InconsistentStateException
                    ? new LogFencedException(entity, _version)
                    : new LogUnavailableException($"The state of {entity} could not be written: {e.Message}", outcomeUnknown: true, e);
                lock (_lock)
                {
                    _broken = failure;
                }

                batch.SetException(failure);
            }
        }
    }

    private void Trim()
    {
        var newest = _rows.Max(row => row.Entry.At.UnixMilliseconds);
        var old = 0;
        while (old < _rows.Count && !_rows[old].Untold && _rows[old].Entry.At.UnixMilliseconds < newest - retention)
        {
            old++;
        }

        _rows.RemoveRange(0, old);
    }
}

/// <summary>Runs work in an activation's own context, as grain state wants it.</summary>
internal static class OnActivation
{
    public static Task<T> RunAsync<T>(IGrainContext activation, Func<Task<T>> work)
    {
        var task = new Task<Task<T>>(work);
        activation.Scheduler.QueueTask(task);
        return task.Unwrap();
    }
}

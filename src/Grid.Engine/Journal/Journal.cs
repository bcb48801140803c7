using System.Collections.Concurrent;
using System.Diagnostics;

using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>Something else that is written in the journal's transactions, a little at a time: snapshots, ids, retention.</summary>
internal interface IJournalWork
{
    /// <summary>Called on the journal's thread, inside a transaction. May be called again after a transaction that failed.</summary>
    void Write(JournalDatabase database);

    /// <summary>Called once, when the transaction is committed or given up.</summary>
    void Done(Exception? failure);
}

/// <summary>
/// The durable order of what came in. Shards append; one thread writes what has gathered as one row, commits, and tells those who wait. While a
/// commit is under way the next batch fills, so the batch's size follows the load and nobody waits for a timer.
/// </summary>
internal sealed class Journal : IDisposable
{
    /// <summary>Positions skip to the next multiple of this at each start: what was given out and lost in a crash is never given out again.</summary>
    public const long Gap = 1 << 24;

    private const int FlushBytes = 1 << 20;
    private const int MostBytes = 1 << 26;

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ConcurrentQueue<IJournalWork> _work = new();
    private readonly JournalDatabase _database;
    private readonly CommitMark _mark;
    private readonly EngineMetrics _metrics;
    private readonly long _schema;
    private readonly Thread _thread;
    private OpenBatch _open = new();
    private OpenBatch _spare = new();
    private OpenBatch? _committing;
    private long _next;
    private long _previous;
    private long _committed;
    private bool _flush;
    private bool _asleep;
    private volatile bool _stopping;
    private volatile bool _abandoned;
    private volatile Exception? _failure;

    /// <param name="database">Where it is kept.</param>
    /// <param name="mark">The mark of the last commit.</param>
    /// <param name="metrics">Where commits are measured.</param>
    /// <param name="schema">The id of today's schema.</param>
    /// <param name="newest">The last batch that is there.</param>
    /// <param name="first">The first position to give out: one that no earlier start can have given out.</param>
    public Journal(JournalDatabase database, CommitMark mark, EngineMetrics metrics, long schema, StoredBatch? newest, long first)
    {
        (_database, _mark, _metrics, _schema) = (database, mark, metrics, schema);
        _committed = newest?.Last ?? 0;
        _previous = newest?.First ?? 0;
        _next = first;
        _thread = new(Loop) { Name = "grid journal", IsBackground = true };
    }

    /// <summary>Called first when a write has failed, before anyone is told: whoever is told must find the grid closed already.</summary>
    public Action<Exception>? Failing { get; set; }

    /// <summary>Called once per failure, after those who waited were told.</summary>
    public Action<Exception>? Failed { get; set; }

    /// <summary>Who has appended but not yet told everyone. Another one after each failure.</summary>
    public TellGate Gate { get; private set; } = new();

    public long Committed => Volatile.Read(ref _committed);

    public long LastGiven
    {
        get
        {
            lock (_lock)
            {
                return _next - 1;
            }
        }
    }

    /// <summary>Whether new work may come in: the last write went well and the batch that fills is not too long.</summary>
    public bool HasRoom => _failure is null && _open.Length < MostBytes;

    public bool HasFailed => _failure is not null;

    public void Start() => _thread.Start();

    /// <summary>Appends a record.</summary>
    /// <param name="record">The record; it is copied.</param>
    /// <param name="eventTime">Its event time, in Unix milliseconds.</param>
    /// <param name="waiter">Who wants to know when it is on disk; may be null.</param>
    /// <param name="pass">To be given back when every entity concerned was told.</param>
    /// <returns>The record's position; 0 where the journal takes nothing now.</returns>
    public long Append(ReadOnlySpan<byte> record, long eventTime, ICommitWaiter? waiter, out TellPass pass)
    {
        long position;
        bool wake;
        lock (_lock)
        {
            if (_failure is not null || _stopping)
            {
                pass = default;
                return 0;
            }

            position = _next++;
            pass = Gate.Enter();
            _open.Add(position, record, eventTime);
            if (waiter is not null)
            {
                _open.Join(waiter);
            }

            wake = _asleep && (waiter is not null || _open.Length > FlushBytes);
            _asleep &= !wake;
        }

        if (wake)
        {
            _wake.Set();
        }

        return position;
    }

    /// <summary>Waits for everything appended so far, without appending.</summary>
    /// <returns>False where the journal takes nothing now.</returns>
    public bool Join(ICommitWaiter waiter)
    {
        lock (_lock)
        {
            if (_failure is not null || _stopping)
            {
                return false;
            }

            _open.Join(waiter);
        }

        Wake();
        return true;
    }

    /// <summary>Has what gathered written, though nobody waits for it.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _flush = _open.Count > 0;
            if (!_flush)
            {
                return;
            }
        }

        Wake();
    }

    public void Add(IJournalWork work)
    {
        if (_failure is { } failure)
        {
            work.Done(failure);
            return;
        }

        _work.Enqueue(work);
        Wake();
    }

    /// <summary>A position L such that every record up to it is on disk and was told to every entity it concerns. One caller at a time.</summary>
    /// <exception cref="GridException">The journal failed meanwhile.</exception>
    public async Task<long> SettleAsync()
    {
        long last;
        Task told;
        lock (_lock)
        {
            last = _next - 1;
            told = Gate.Turn();
        }

        await told.ConfigureAwait(false);
        var commit = new CommitTask();
        if (!Join(commit))
        {
            throw GridException.Unavailable("The journal takes nothing now.");
        }

        await commit.Task.ConfigureAwait(false);
        return last;
    }

    /// <summary>A record that may not be on disk yet; null where it is not in memory (any more).</summary>
    public ReadOnlyMemory<byte>? FindUncommitted(long position)
    {
        lock (_lock)
        {
            return FindIn(_open, position) ?? (_committing is null ? null : FindIn(_committing, position));
        }
    }

    /// <summary>Makes the journal refuse everything, as a failed write does, and tells those who wait.</summary>
    public void Fail(Exception failure)
    {
        OpenBatch lost;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = failure;
            (lost, _open) = (_open, new());
        }

        Failing?.Invoke(failure);
        Gate.GiveUp();
        lost.Complete(failure);
        while (_work.TryDequeue(out var work))
        {
            work.Done(failure);
        }

        Failed?.Invoke(failure);
    }

    /// <summary>
    /// Tries to take work again after a failure: finds out whether the disk takes it, and removes what may have reached the disk without anyone
    /// having been told. Called while the journal's thread rests, by nobody else at the same time.
    /// </summary>
    /// <exception cref="SqliteException">The disk still does not take work.</exception>
    public void Resume()
    {
        lock (_database)
        {
            _database.Rollback();
            _database.Probe();
            _database.Run(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"DELETE FROM batches WHERE first > {Committed}"));
        }
    }

    /// <summary>Takes work again, after <see cref="Resume"/>, once the shards hold nothing that is not on disk.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            Gate = new();
            _failure = null;
        }
    }

    /// <summary>Stops as a killed process would: what was not committed is lost.</summary>
    public void Abandon()
    {
        _abandoned = true;
        Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        _wake.Set();
        if (_thread.ThreadState != System.Threading.ThreadState.Unstarted)
        {
            _thread.Join();
        }

        _wake.Dispose();
        _mark.Dispose();
        _database.Dispose();
    }

    private static ReadOnlyMemory<byte>? FindIn(OpenBatch batch, long position)
    {
        if (batch.Count == 0 || position < batch.First || position >= batch.First + batch.Count)
        {
            return null;
        }

        return batch.ToStored(0, 0).RecordAt(position) is { } record ? record.ToArray() : null;
    }

    private void Wake()
    {
        lock (_lock)
        {
            _asleep = false;
        }

        _wake.Set();
    }

    private void Loop()
    {
        while (!_abandoned)
        {
            var batch = Take(out var stop);
            if (batch is null && _work.IsEmpty)
            {
                if (stop)
                {
                    return;
                }

                _wake.WaitOne();
                continue;
            }

            Commit(batch);
        }

        _open.Complete(GridException.Unavailable("The grid was stopped."));
    }

    private OpenBatch? Take(out bool stop)
    {
        lock (_lock)
        {
            stop = _stopping;
            var due = _open.FirstWaiter is not null || (_open.Count > 0 && (_flush || stop || _open.Length > FlushBytes || !_work.IsEmpty)); // Other work never overtakes records.
            if (!due)
            {
                _asleep = _work.IsEmpty;
                return null;
            }

            _flush = false;
            (_committing, _open, _spare) = (_open, _spare, null!);
            return _committing;
        }
    }

    private void Commit(OpenBatch? batch)
    {
        var works = TakeWork(batch);
        Exception? failure = null;
        var started = Stopwatch.GetTimestamp();
        if (batch is null or { Count: > 0 } || works.Count > 0)
        {
            failure = TryWrite(batch, works);
        }

        if (failure is null && batch is { Count: > 0 })
        {
            _metrics.Committed(Stopwatch.GetElapsedTime(started), batch.Count, batch.Length);
        }

        var told = failure is null ? null : GridException.Unavailable($"The journal could not be written: {failure.Message} Nothing was changed; asking again later may do.", failure);
        if (told is not null)
        {
            // Refuse first, tell after: who is told of a failure and asks again at once must not be let in halfway.
            FailWith(batch, told, works);
            return;
        }

        Recycle(batch);
        foreach (var work in works)
        {
            work.Done(null);
        }
    }

    private void Recycle(OpenBatch? batch)
    {
        if (batch is null)
        {
            return;
        }

        lock (_lock)
        {
            _committing = null;
        }

        batch.Complete(null);
        lock (_lock)
        {
            _spare = batch;
        }
    }

    private void FailWith(OpenBatch? batch, GridException told, List<IJournalWork> works)
    {
        OpenBatch lost;
        lock (_lock)
        {
            _failure = told;
            (lost, _open, _spare, _committing) = (_open, new(), new(), null);
        }

        Failing?.Invoke(told);
        Gate.GiveUp();
        batch?.Complete(told);
        lost.Complete(told);
        foreach (var work in works)
        {
            work.Done(told);
        }

        while (_work.TryDequeue(out var work))
        {
            work.Done(told);
        }

        Failed?.Invoke(told);
    }

    private List<IJournalWork> TakeWork(OpenBatch? batch)
    {
        // A batch that somebody waits for takes one piece of other work along; alone, the rest may have more.
        var most = batch?.FirstWaiter is not null ? 1 : 8;
        var works = new List<IJournalWork>();
        while (works.Count < most && _work.TryDequeue(out var work))
        {
            works.Add(work);
        }

        return works;
    }

    private SqliteException? TryWrite(OpenBatch? batch, List<IJournalWork> works)
    {
        lock (_database)
        {
            try
            {
                _database.Begin();
                if (batch is { Count: > 0 })
                {
                    _database.Insert(batch.ToStored(_schema, _previous), batch.Buffer);
                }

                foreach (var work in works)
                {
                    work.Write(_database);
                }

                _database.Commit();
                if (batch is { Count: > 0 })
                {
                    // Inside the lock: Resume removes what is after the last commit, and must know of this one.
                    _previous = batch.First;
                    Volatile.Write(ref _committed, batch.First + batch.Count - 1);
                    _mark.Write(_committed);
                }

                return null;
            }
            catch (SqliteException e)
            {
                _database.Rollback();
                return e;
            }
        }
    }

    private sealed class CommitTask : ICommitWaiter
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ICommitWaiter? NextWaiter { get; set; }

        public Task Task => _done.Task;

        public void CommitDone(Exception? failure)
        {
            if (failure is null)
            {
                _done.TrySetResult();
            }
            else
            {
                _done.TrySetException(failure);
            }
        }
    }
}

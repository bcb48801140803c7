using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>
/// The durable order of what came in. Shards append; one thread writes what has gathered as one row, commits, and tells those who wait. While a
/// commit is under way the next batch fills, so the batch's size follows the load and nobody waits for a timer.
/// </summary>
internal sealed class Journal : IDisposable
{
    /// <summary>Positions skip to the next multiple of this at each start: what was given out and lost in a crash is never given out again.</summary>
    public const long Gap = 1 << 24;

    private readonly JournalWriteQueue _intake;
    private readonly JournalWriter _writer;
    private readonly JournalFailure _failure;
    private readonly JournalLoop _loop;

    /// <param name="database">Where it is kept.</param>
    /// <param name="mark">The mark of the last commit.</param>
    /// <param name="core">Where those go who waited for a commit, and what measures commits.</param>
    /// <param name="schema">The id of today's schema.</param>
    /// <param name="newest">The last batch that is there.</param>
    /// <param name="first">The first position to give out: one that no earlier start can have given out.</param>
    public Journal(JournalDatabase database, DurableWatermark mark, EngineCore core, long schema, StoredBatch? newest, long first)
    {
        _intake = new(first);
        _writer = new(database, mark, schema, newest, core.Time);
        _failure = new(_intake);
        _loop = new(_intake, _writer, _failure, core);
    }

    /// <inheritdoc cref="JournalFailure.Failing"/>
    public Action<Exception>? Failing
    {
        get => _failure.Failing;
        set => _failure.Failing = value;
    }

    /// <inheritdoc cref="JournalFailure.Failed"/>
    public Action<Exception>? Failed
    {
        get => _failure.Failed;
        set => _failure.Failed = value;
    }

    /// <summary>For tests: is called when somebody begins to wait in <see cref="SettleAsync"/>.</summary>
    public Action? Settling { get; set; }

    public long Committed => _writer.Committed;

    /// <inheritdoc cref="JournalWriter.OtherWork"/>
    public long OtherWork => _writer.OtherWork;

    public long LastGiven => _intake.LastGiven;

    /// <summary>Whether new work may come in: the last write went well and the batch that fills is not too long.</summary>
    public bool HasRoom => _intake.HasRoom;

    public bool HasFailed => _intake.Failure is not null;

    public void Start() => _loop.Start();

    /// <summary>Appends a record.</summary>
    /// <param name="record">The record; it is copied.</param>
    /// <param name="eventTime">Its event time, in Unix milliseconds.</param>
    /// <param name="waiter">Who wants to know when it is on disk; may be null.</param>
    /// <param name="pass">To be given back when every entity concerned was told.</param>
    /// <returns>The record's position; 0 where the journal takes nothing now.</returns>
    public long Append(ReadOnlySpan<byte> record, long eventTime, ICommitWaiter? waiter, out DeliveryPass pass) =>
        _intake.Append(record, eventTime, waiter, out pass);

    /// <summary>Waits for everything appended so far, without appending.</summary>
    /// <returns>False where the journal takes nothing now.</returns>
    public bool Join(ICommitWaiter waiter) => _intake.Join(waiter);

    /// <summary>Has what gathered written, though nobody waits for it.</summary>
    public void Flush() => _intake.Flush();

    /// <summary>Has something small written in one of the journal's transactions.</summary>
    /// <returns>A task that ends when it is on disk.</returns>
    public Task WriteAsync(Action<JournalDatabase> write)
    {
        var work = new OtherWork(write);
        Add(work);
        return work.Task;
    }

    public void Add(IJournalWork work)
    {
        if (_intake.Failure is { } failure)
        {
            work.Done(failure);
            return;
        }

        _intake.Add(work);
    }

    /// <summary>A position L such that every record up to it is on disk and was told to every entity it concerns. One caller at a time.</summary>
    /// <exception cref="GridException">The journal failed meanwhile.</exception>
    public async Task<long> SettleAsync()
    {
        var (last, told) = _intake.TurnGate();
        Settling?.Invoke();
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
    public ReadOnlyMemory<byte>? FindUncommitted(long position) => _intake.Find(position);

    /// <summary>Makes the journal refuse everything, as a failed write does, and tells those who wait.</summary>
    public void Fail(Exception failure) => _failure.Fail(failure);

    /// <summary>
    /// Tries to take work again after a failure: finds out whether the disk takes it, and removes what may have reached the disk without anyone
    /// having been told. Called while the journal's thread rests, by nobody else at the same time.
    /// </summary>
    /// <exception cref="SqliteException">The disk still does not take work.</exception>
    public void Resume() => _writer.Resume();

    /// <summary>Takes work again, after <see cref="Resume"/>, once the shards hold nothing that is not on disk.</summary>
    public void Reopen() => _intake.Reopen();

    /// <summary>Stops as a killed process would: what was not committed is lost.</summary>
    public void Abandon()
    {
        _loop.Abandon();
        Dispose();
    }

    public void Dispose()
    {
        if (!_intake.TryStop())
        {
            return;
        }

        _loop.Join();
        _intake.Dispose();
        _writer.Dispose();
    }
}

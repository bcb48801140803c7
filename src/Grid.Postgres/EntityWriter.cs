namespace Grid.Postgres;

/// <summary>
/// One activation's right to write an entity's rows: the chain of versions from the one it has read. Once one of its rows fails, for whatever
/// reason, every later one fails too, so that a row never stands on one that is not there. Any thread may call it; the order of calls is the
/// order of versions.
/// </summary>
internal sealed class EntityWriter
{
    private readonly LaneIntake _intake;
    private long _version;
    private long _committed;
    private volatile Exception? _broken;

    internal EntityWriter(LaneIntake intake, EntityId entity, ulong hash, long version)
    {
        (_intake, Entity, Hash) = (intake, entity, hash);
        (_version, _committed) = (version, version);
    }

    public EntityId Entity { get; }

    /// <summary>The version of the row appended last, on disk or not.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>The version up to which rows are known to be on disk.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Why nothing more can be appended; null where something can.</summary>
    public Exception? Broken => _broken;

    internal ulong Hash { get; }

    /// <summary>When, by the server's clock in microseconds, the log's head was last seen to be this writer's; 0 before it ever was. Used by the lane's loop only.</summary>
    internal long SeenAt { get; private set; }

    /// <summary>Appends a row; the task ends when it is on disk.</summary>
    /// <param name="row">The row; its version must be <see cref="Version"/> + 1. It is copied before the call returns.</param>
    /// <returns>To be awaited once.</returns>
    /// <exception cref="ArgumentException">The version is another, or a part of the row is missing. The writer is as it was.</exception>
    /// <exception cref="LogFencedException">By the task: somebody else wrote this version. The writer is broken.</exception>
    /// <exception cref="LogUnavailableException">By the task: the queue is full, the server cannot be reached, or it was lost meanwhile. The writer is broken.</exception>
    public ValueTask<Appended> AppendAsync(in LogRow row)
    {
        LogText.Check(row.EventType, nameof(row.EventType));
        foreach (var other in row.Tells ?? [])
        {
            LogText.Check(other, nameof(row.Tells));
        }

        foreach (var taken in row.Takes ?? [])
        {
            LogText.Check(taken.Entity, nameof(row.Takes));
        }

        return _intake.Append(this, row);
    }

    /// <summary>Has a snapshot written, once the rows that it includes are on disk. If they never are, it is dropped, and the task fails as they did.</summary>
    /// <param name="version">The version that it includes, at most <see cref="Version"/>.</param>
    /// <param name="state">The entity's state; it is copied before the call returns.</param>
    /// <returns>A task that ends when the snapshot, or a newer one, is on disk. Nobody needs to await it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The version is not from 1 to <see cref="Version"/>.</exception>
    public Task SaveSnapshotAsync(long version, ReadOnlySpan<byte> state)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(version);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, Version);
        return _intake.Add(new PendingSnapshot(this, version, state));
    }

    /// <summary>Takes the next version. Called under the intake's lock.</summary>
    internal void Advance(long version)
    {
        if (version != _version + 1)
        {
            throw new ArgumentException($"The row is of version {version}, and {Entity} has version {_version}; expected version {_version + 1}.", nameof(version));
        }

        Volatile.Write(ref _version, version);
    }

    internal void Break(Exception failure) => _broken ??= failure;

    /// <summary>Rows up to a version are on disk. Called by the lane's loop.</summary>
    internal void Commit(long version, long serverTime)
    {
        SeenAt = serverTime;
        Volatile.Write(ref _committed, version);
    }
}

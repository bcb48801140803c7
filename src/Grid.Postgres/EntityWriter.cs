namespace Grid.Postgres;

/// <summary>
/// One activation's right to write an entity's rows: the chain of versions from the one it has read. Once one of its rows fails, for whatever
/// reason, every later one fails too, so that a row never stands on one that is not there. Any thread may call it; the order of calls is the
/// order of versions.
/// </summary>
public sealed class EntityWriter
{
    internal EntityWriter(EventLog log, EntityId entity, long version)
    {
        _ = log;
        (Entity, Version, Committed) = (entity, version, version);
    }

    public EntityId Entity { get; }

    /// <summary>The version of the row appended last, on disk or not.</summary>
    public long Version { get; }

    /// <summary>The version up to which rows are known to be on disk.</summary>
    public long Committed { get; }

    /// <summary>Why nothing more can be appended; null where something can.</summary>
    public Exception? Broken { get; }

    /// <summary>Appends a row; the task ends when it is on disk.</summary>
    /// <param name="row">The row; its version must be <see cref="Version"/> + 1. It is copied before the call returns.</param>
    /// <exception cref="ArgumentException">The version is another, or a part of the row is missing. The writer is as it was.</exception>
    /// <exception cref="LogFencedException">By the task: somebody else wrote this version. The writer is broken.</exception>
    /// <exception cref="LogUnavailableException">By the task: the queue is full, the server cannot be reached, or it was lost meanwhile. The writer is broken.</exception>
    public ValueTask<Appended> AppendAsync(in LogRow row) => throw new NotImplementedException();

    /// <summary>Has a snapshot written, once the rows that it includes are on disk; dropped without a word if they never are.</summary>
    /// <param name="version">The version that it includes, at most <see cref="Version"/>.</param>
    /// <param name="state">The entity's state; it is copied before the call returns.</param>
    /// <returns>A task that ends when the snapshot is on disk. Nobody needs to await it.</returns>
    public Task SaveSnapshotAsync(long version, ReadOnlySpan<byte> state) => throw new NotImplementedException();
}

using System.Diagnostics.Metrics;

namespace Grid.Postgres;

/// <summary>
/// The cluster's event log on PostgreSQL: every entity's rows by version, its newest snapshot, the rows that others must still be told of, and the
/// labels that wait for their event. It knows bytes, not features. All rows of a process are written by group commit.
/// </summary>
public sealed class EventLog : IAsyncDisposable
{
    private EventLog()
    {
    }

    /// <summary>Whether new rows may come in: no lane's queue is full. Ask before a turn begins, for a turn whose row is refused must be undone.</summary>
    public bool HasRoom => throw new NotImplementedException();

    /// <summary>Makes the tables that the log needs, in schema <c>grid_log</c>; where they are there it changes nothing. Several may do so at once.</summary>
    /// <exception cref="LogSchemaException">The tables were made by a newer version.</exception>
    public static Task CreateAsync(string connectionString, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Opens the log of a database whose tables were made by <see cref="CreateAsync"/>.</summary>
    /// <exception cref="LogSchemaException">The tables are missing or of another version.</exception>
    /// <exception cref="LogUnavailableException">The server cannot be reached.</exception>
    public static Task<EventLog> OpenAsync(EventLogOptions options, TimeProvider time, IMeterFactory? meters, CancellationToken cancellation) =>
        throw new NotImplementedException();

    /// <summary>What the log holds of an entity, in one round trip. Begin an activation with it.</summary>
    /// <exception cref="LogUnavailableException">The server cannot be reached. So it is with every other read.</exception>
    public Task<EntityHistory> ReadAsync(EntityId entity, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The writer of one activation of an entity.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="version">The <see cref="EntityHistory.Version"/> that the activation has read; its first row makes the next one.</param>
    public EntityWriter WriterOf(EntityId entity, long version) => throw new NotImplementedException();

    /// <summary>One row; null where there is none, or it was trimmed.</summary>
    public Task<LogEntry?> ReadRowAsync(EntityId entity, long version, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The rows of an event type whose event's id has this hash, of all entities. The caller compares the ids.</summary>
    public Task<IReadOnlyList<LogEntry>> FindAsync(string eventType, ulong idHash, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Notes that others were told of a row. Written with the next flush; if it is lost, they are told again.</summary>
    /// <returns>A task that ends when the mark is gone. Nobody needs to await it.</returns>
    public Task SettleAsync(EntityId entity, long version) => throw new NotImplementedException();

    /// <summary>Takes rows that others must still be told of. Who takes one has it for as long as <paramref name="olderThan"/>; no other sweeper gets it meanwhile.</summary>
    /// <param name="olderThan">How long ago the row was written, or taken last.</param>
    /// <param name="limit">The most rows to take.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<LogEntry>> ReadUnsettledAsync(TimeSpan olderThan, int limit, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Has a label wait for an event that has not come. Adding it twice is adding it once.</summary>
    /// <returns>
    /// True where a row with the event's type and id hash is there by now: find it and amend it. An event that comes later is told
    /// <see cref="Appended.LabelsWait"/>. The label waits on, in both cases, until it is removed.
    /// </returns>
    public Task<bool> AddWaitingAsync(WaitingLabel label, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The labels that wait for an event, oldest first.</summary>
    public Task<IReadOnlyList<WaitingLabel>> ReadWaitingAsync(string eventType, ulong idHash, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Takes a label away that has amended its event.</summary>
    public Task RemoveWaitingAsync(WaitingLabel label, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Deletes rows that a snapshot includes, that nobody must be told of, and that were written longer ago than the retention time.</summary>
    /// <param name="retention">The retention time, by the server's clock.</param>
    /// <param name="limit">The most rows to delete, in one transaction.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many were deleted; call again while it is <paramref name="limit"/>.</returns>
    public Task<int> TrimAsync(TimeSpan retention, int limit, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Writes what has gathered, then ends.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

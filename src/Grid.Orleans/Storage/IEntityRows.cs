using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>
/// What one activation keeps of its entity: rows by version, snapshots now and then. Appending is called under the stripe's lock, in the order of
/// versions; once an append has failed every later one fails, until <see cref="LoadAsync"/> is called again.
/// </summary>
internal interface IEntityRows
{
    /// <summary>Whether snapshots are of use: what loads from rows alone takes none.</summary>
    bool TakesSnapshots { get; }

    /// <summary>
    /// Whether rows go into the inboxes of those who must hear of them, as they are written. What an entity has heard is durable then, and it may write it down
    /// itself when it likes. Otherwise each hearing is a row at once, and the teller keeps the mark until all have heard.
    /// </summary>
    bool HasInbox { get; }

    /// <summary>Without inboxes: the rows of which others must still be told, as of the last <see cref="LoadAsync"/>.</summary>
    IReadOnlyList<LogEntry> Untold { get; }

    /// <summary>Reads what is stored, and makes ready to append after it.</summary>
    /// <param name="whole">Whether all rows that are kept are wanted, and no snapshot: it was written under other definitions.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LogUnavailableException">The storage cannot be reached. So it is with every other read.</exception>
    Task<EntityHistory> LoadAsync(bool whole, CancellationToken cancellation);

    /// <summary>Appends a row; the task ends when it is durable.</summary>
    /// <exception cref="LogFencedException">By the task: another activation wrote this version.</exception>
    /// <exception cref="LogUnavailableException">By the task: the row is not durable, or it is not known whether it is.</exception>
    ValueTask<Appended> AppendAsync(in LogRow row);

    /// <summary>Without inboxes: notes that others were told of a row. If the note is lost they are told again.</summary>
    void Settle(long version);

    /// <summary>Has a snapshot written, once the rows that it includes are durable.</summary>
    void SaveSnapshot(long version, ReadOnlySpan<byte> state);

    /// <summary>The rows of this entity whose event has this type and id hash.</summary>
    Task<IReadOnlyList<LogEntry>> FindAsync(string eventType, ulong idHash, CancellationToken cancellation);

    /// <summary>With inboxes: the rows of any entity whose event has this type and id hash.</summary>
    Task<IReadOnlyList<LogEntry>> FindAnywhereAsync(string eventType, ulong idHash, CancellationToken cancellation);

    /// <summary>One row; null where there is none any more.</summary>
    Task<LogEntry?> ReadRowAsync(long version, CancellationToken cancellation);

    /// <summary>With inboxes: the rows of others that this entity must hear of and that no row of its own says yet.</summary>
    Task<IReadOnlyList<LogEntry>> ReadInboxAsync(CancellationToken cancellation);

    /// <summary>With inboxes: whether a row is one of these.</summary>
    Task<bool> IsInInboxAsync(RowId row, CancellationToken cancellation);
}

/// <summary>The storage of a silo: of entities, of the labels that wait for their event, and of the schemas that rows were written with.</summary>
internal interface IGridStorage
{
    /// <summary>Whether new rows may come in. A turn asks before it begins.</summary>
    bool HasRoom { get; }

    /// <summary>Files of batch features.</summary>
    IFileShelf Files { get; }

    /// <summary>Makes ready, once, while the silo starts.</summary>
    Task StartAsync(CancellationToken cancellation);

    /// <summary>Writes what has gathered, when the silo has stopped.</summary>
    Task StopAsync();

    IEntityRows RowsOf(IGrainContext activation, EntityId entity);

    /// <summary>
    /// Notes that an entity took in an event that labels may speak of. Called once its row is durable.
    /// </summary>
    /// <param name="key">The event.</param>
    /// <param name="owner">The entity.</param>
    /// <param name="said">What the append of the row has said.</param>
    /// <returns>Whether labels wait for the event.</returns>
    ValueTask<bool> RegisterAsync(EventKey key, EntityId owner, Appended said);

    /// <summary>The entities that may have taken the event in.</summary>
    Task<IReadOnlyList<EntityId>> OwnersOfAsync(EventKey key, CancellationToken cancellation);

    /// <summary>Has a label wait for its event.</summary>
    /// <returns>True where the event has come meanwhile: it is to be amended now.</returns>
    Task<bool> AddWaitingAsync(EventKey key, ReadOnlyMemory<byte> label, CancellationToken cancellation);

    /// <summary>The labels that wait for an event, or for one with the same hash.</summary>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadWaitingAsync(EventKey key, CancellationToken cancellation);

    Task RemoveWaitingAsync(EventKey key, ReadOnlyMemory<byte> label, CancellationToken cancellation);

    Task PutSchemaAsync(ulong fingerprint, byte[] schema, CancellationToken cancellation);

    /// <summary>The schema that rows name; null where nobody has put it.</summary>
    Task<byte[]?> GetSchemaAsync(ulong fingerprint, CancellationToken cancellation);
}

/// <summary>Names an event: its type, its id, and the id's hash.</summary>
internal readonly record struct EventKey(string Type, string Id, ulong IdHash);

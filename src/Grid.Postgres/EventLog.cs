using System.Diagnostics.Metrics;

using Npgsql;

namespace Grid.Postgres;

/// <summary>
/// The cluster's event log on PostgreSQL: every entity's rows by version, its newest snapshot, the rows of others that it must still hear of, and the
/// labels that wait for their event. It knows bytes, not features. All rows of a process are written by group commit.
/// </summary>
internal sealed class EventLog : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly EventLogMetrics _metrics;
    private readonly Lane[] _lanes;
    private readonly HistoryReader _history;
    private readonly Inboxes _inboxes;
    private readonly Trimmer _trimmer;
    private readonly WaitingLabels _labels;

    private EventLog(NpgsqlDataSource source, NameIds names, EventLogOptions options, TimeProvider time, IMeterFactory? meters)
    {
        _source = source;
        _metrics = new(meters);
        _lanes = [.. Enumerable.Range(0, options.Lanes).Select(_ => new Lane(source, names, _metrics, options, time))];
        _metrics.Observe(() => _lanes.Sum(lane => lane.Intake.Count));
        var reads = new LogReads(source, names);
        (_history, _inboxes, _trimmer, _labels) = (new(reads), new(reads), new(reads), new(reads, names));
        Files = new(reads);
    }

    /// <summary>Files of batch features.</summary>
    public LogFiles Files { get; }

    /// <summary>Whether new rows may come in: no lane's queue is full. Ask before a turn begins, for a turn whose row is refused must be undone.</summary>
    public bool HasRoom
    {
        get
        {
            foreach (var lane in _lanes)
            {
                if (!lane.Intake.HasRoom)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Makes the tables that the log needs, in schema <c>grid_log</c>; tables of version 2 it brings up to date, and others that are there it leaves as they are. Several may do so at once.</summary>
    /// <exception cref="LogSchemaException">The tables were made by a newer version.</exception>
    public static async Task CreateAsync(string connectionString, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var connection = new NpgsqlConnection(connectionString);
        await using var ended = connection.ConfigureAwait(false);
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            await LogTables.CreateAsync(connection, cancellation).ConfigureAwait(false);
        }
        catch (NpgsqlException failure)
        {
            throw new LogUnavailableException($"The log's tables could not be made: {failure.Message}", false, failure);
        }
    }

    /// <summary>Opens the log of a database whose tables were made by <see cref="CreateAsync"/>.</summary>
    /// <exception cref="LogSchemaException">The tables are missing or of another version.</exception>
    /// <exception cref="LogUnavailableException">The server cannot be reached.</exception>
    public static async Task<EventLog> OpenAsync(EventLogOptions options, TimeProvider time, IMeterFactory? meters, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var source = LogSource.Of(options);
        try
        {
            var names = new NameIds();
            var connection = await LogSource.ConnectAsync(source, options.CommandTimeout, time, cancellation).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await LogTables.CheckAsync(connection, cancellation).ConfigureAwait(false);
                await names.LoadAsync(connection, cancellation).ConfigureAwait(false);
            }

            return new(source, names, options, time, meters);
        }
        catch (Exception failure)
        {
            await source.DisposeAsync().ConfigureAwait(false);
            if (failure is NpgsqlException)
            {
                throw new LogUnavailableException($"The database cannot be reached: {failure.Message}", false, failure);
            }

            throw;
        }
    }

    /// <summary>What the log holds of an entity, in one round trip. Begin an activation with it.</summary>
    /// <exception cref="LogUnavailableException">The server cannot be reached. So it is with every other read.</exception>
    public Task<EntityHistory> ReadAsync(EntityId entity, CancellationToken cancellation) => _history.ReadAsync(entity, cancellation);

    /// <summary>
    /// Every row of an entity that is kept, whatever snapshot there is: for one that was written under other definitions. The history's snapshot is
    /// empty, and its version is the one before the oldest row.
    /// </summary>
    public Task<EntityHistory> ReadWholeAsync(EntityId entity, CancellationToken cancellation) => _history.ReadWholeAsync(entity, cancellation);

    /// <summary>The writer of one activation of an entity.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="version">The <see cref="EntityHistory.Version"/> that the activation has read; its first row makes the next one.</param>
    /// <exception cref="ArgumentException">The kind or the key is empty, longer than 256 bytes, or no text that PostgreSQL can hold.</exception>
    public EntityWriter WriterOf(EntityId entity, long version)
    {
        LogText.Check(entity.Kind, nameof(entity.Kind));
        LogText.Check(entity.Key, nameof(entity.Key));
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        var hash = EntityHash.Of(entity);
        return new(LaneOf(hash).Intake, entity, hash, version);
    }

    /// <summary>One row; null where there is none, or it was trimmed.</summary>
    public Task<LogEntry?> ReadRowAsync(EntityId entity, long version, CancellationToken cancellation) =>
        _history.ReadRowAsync(entity, version, cancellation);

    /// <summary>The rows of an event type whose event's id has this hash, of all entities. The caller compares the ids.</summary>
    public Task<IReadOnlyList<LogEntry>> FindAsync(string eventType, ulong idHash, CancellationToken cancellation) =>
        _history.FindAsync(eventType, idHash, cancellation);

    /// <summary>Rows of others that an entity must hear of and that no row of its own says yet: by their entity, then by version.</summary>
    public Task<IReadOnlyList<LogEntry>> ReadInboxAsync(EntityId entity, CancellationToken cancellation) => _inboxes.ReadAsync(entity, cancellation);

    /// <summary>Whether an entity must still hear of a row: it is in its inbox.</summary>
    public Task<bool> IsInInboxAsync(EntityId entity, RowId row, CancellationToken cancellation) => _inboxes.HoldsAsync(entity, row, cancellation);

    /// <summary>Some of the entities that have had something in their inbox for long, drawn at random: they may not know.</summary>
    /// <param name="olderThan">For how long, by the server's clock.</param>
    /// <param name="limit">The most entities to name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<EntityId>> ReadUnheardAsync(TimeSpan olderThan, int limit, CancellationToken cancellation) =>
        _inboxes.ReadUnheardAsync(olderThan, limit, cancellation);

    /// <summary>Has a label wait for an event that has not come. Adding it twice is adding it once.</summary>
    /// <returns>
    /// True where a row with the event's type and id hash is there by now: find it and amend it. An event that comes later is told
    /// <see cref="Appended.LabelsWait"/>. The label waits on, in both cases, until it is removed.
    /// </returns>
    public Task<bool> AddWaitingAsync(WaitingLabel label, CancellationToken cancellation) => _labels.AddAsync(label, cancellation);

    /// <summary>The labels that wait for an event, oldest first.</summary>
    public Task<IReadOnlyList<WaitingLabel>> ReadWaitingAsync(string eventType, ulong idHash, CancellationToken cancellation) =>
        _labels.ReadAsync(eventType, idHash, cancellation);

    /// <summary>Takes a label away that has amended its event.</summary>
    public Task RemoveWaitingAsync(WaitingLabel label, CancellationToken cancellation) => _labels.RemoveAsync(label, cancellation);

    /// <summary>Deletes rows that a snapshot includes, that are older than anything in an inbox, and that were written longer ago than the retention time.</summary>
    /// <param name="retention">The retention time, by the server's clock.</param>
    /// <param name="limit">The most rows to delete, in one transaction.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many were deleted; call again while it is <paramref name="limit"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The retention time is below an hour, which fencing needs, or the limit is not positive.</exception>
    public Task<int> TrimAsync(TimeSpan retention, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retention, Trust.LeastRetention);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return _trimmer.TrimAsync(retention, limit, cancellation);
    }

    /// <summary>Writes what has gathered, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            lane.Intake.Stop();
        }

        foreach (var lane in _lanes)
        {
            await lane.DisposeAsync().ConfigureAwait(false);
        }

        await _source.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    private Lane LaneOf(ulong hash) => _lanes[(int)((hash >> 40) % (ulong)_lanes.Length)];
}

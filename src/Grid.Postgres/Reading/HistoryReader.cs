using Npgsql;

namespace Grid.Postgres;

/// <summary>Reads what the log holds of one entity, and single rows.</summary>
internal sealed class HistoryReader(LogReads reads)
{
    // One statement, and so of one moment: between two, a newer snapshot could be written and the rows before it trimmed.
    private const string History =
        """
        with k as materialized (select id from grid_log.names where name = $1),
        s as materialized (select version, body from grid_log.snapshots where kind = (select id from k) and key = $2)
        select 0 as part, version, 0 as type, 0::bigint as id_hash, 0::bigint as at, body, 0 as kind, $2::text collate "C" as key from s
        union all
        select 1, version, type, id_hash, at, body, kind, key from grid_log.events
        where kind = (select id from k) and key = $2 and version > coalesce((select version from s), 0)
        union all
        select 2, e.version, e.type, e.id_hash, e.at, e.body, e.kind, e.key
        from grid_log.inbox i join grid_log.events e on e.kind = i.kind and e.key = i.key and e.version = i.version
        where i.owner_kind = (select id from k) and i.owner_key = $2
        order by 1, 7, 8, 2
        """;

    // The snapshot's version alone: its bytes are of no use to who asks for all rows.
    private const string Whole =
        """
        with k as materialized (select id from grid_log.names where name = $1)
        select 0 as part, version, 0 as type, 0::bigint as id_hash, 0::bigint as at, ''::bytea as body, 0 as kind, $2::text collate "C" as key from grid_log.snapshots
        where kind = (select id from k) and key = $2
        union all
        select 1, version, type, id_hash, at, body, kind, key from grid_log.events
        where kind = (select id from k) and key = $2
        union all
        select 2, e.version, e.type, e.id_hash, e.at, e.body, e.kind, e.key
        from grid_log.inbox i join grid_log.events e on e.kind = i.kind and e.key = i.key and e.version = i.version
        where i.owner_kind = (select id from k) and i.owner_key = $2
        order by 1, 7, 8, 2
        """;

    private const string Row =
        """
        select version, type, id_hash, at, body from grid_log.events
        where kind = (select id from grid_log.names where name = $1) and key = $2 and version = $3
        """;

    private const string ById =
        """
        select version, type, id_hash, at, body, kind, key from grid_log.events
        where id_hash = $2 and type = (select id from grid_log.names where name = $1)
        order by written, kind, key, version
        """;

    /// <inheritdoc cref="EventLog.ReadAsync"/>
    public async Task<EntityHistory> ReadAsync(EntityId entity, CancellationToken cancellation)
    {
        var history = await ReadAsync(entity, History, cancellation).ConfigureAwait(false);
        CheckWhole(entity, history.SnapshotVersion, history.Rows);
        return history;
    }

    /// <inheritdoc cref="EventLog.ReadWholeAsync"/>
    public async Task<EntityHistory> ReadWholeAsync(EntityId entity, CancellationToken cancellation)
    {
        var history = await ReadAsync(entity, Whole, cancellation).ConfigureAwait(false);
        if (history.Rows.Count == 0)
        {
            return history;
        }

        var before = history.Rows[0].Version - 1;
        CheckWhole(entity, before, history.Rows);
        return history with { SnapshotVersion = before };
    }

    private Task<EntityHistory> ReadAsync(EntityId entity, string sql, CancellationToken cancellation) => reads.RunAsync(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, sql, entity.Kind, entity.Key);
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var ended = reader.ConfigureAwait(false);
            var (version, snapshot) = (0L, ReadOnlyMemory<byte>.Empty);
            List<LogEntry> rows = [], inbox = [];
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                switch (reader.GetInt32(0))
                {
                    case 0:
                        (version, snapshot) = (reader.GetInt64(1), reader.GetFieldValue<byte[]>(5));
                        break;
                    case 1:
                        rows.Add(await reads.EntryAsync(entity, reader, 1, cancellation).ConfigureAwait(false));
                        break;
                    default:
                        inbox.Add(await reads.EntryAsync(await reads.EntityAsync(reader, 6, cancellation).ConfigureAwait(false), reader, 1, cancellation).ConfigureAwait(false));
                        break;
                }
            }

            return new EntityHistory(entity, version, snapshot, rows, inbox);
        },
        cancellation);

    /// <inheritdoc cref="EventLog.ReadRowAsync"/>
    public Task<LogEntry?> ReadRowAsync(EntityId entity, long version, CancellationToken cancellation) => reads.RunAsync(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, Row, entity.Kind, entity.Key);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = version });
            var rows = await reads.EntriesAsync(entity, command, cancellation).ConfigureAwait(false);
            return rows.Count == 0 ? null : rows[0];
        },
        cancellation);

    /// <inheritdoc cref="EventLog.FindAsync"/>
    public Task<IReadOnlyList<LogEntry>> FindAsync(string eventType, ulong idHash, CancellationToken cancellation) => reads.RunAsync(
        async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand(ById, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = eventType });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = unchecked((long)idHash) });
            return await reads.EntriesAsync(command, cancellation).ConfigureAwait(false);
        },
        cancellation);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string kind, string key)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        return command;
    }

    private static void CheckWhole(EntityId entity, long snapshot, IReadOnlyList<LogEntry> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Version != snapshot + 1 + i)
            {
                throw new LogSchemaException(
                    $"The log of {entity} lacks version {snapshot + 1 + i}: rows were deleted by hand, or written by another program. Restore table grid_log.events.");
            }
        }
    }
}

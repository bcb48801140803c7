using Npgsql;

namespace Grid.Postgres;

/// <summary>Reads inboxes: the rows of others that entities must hear of.</summary>
internal sealed class Inboxes(LogReads reads)
{
    private const string Read =
        """
        select e.version, e.type, e.id_hash, e.at, e.body, e.kind, e.key
        from grid_log.inbox i join grid_log.events e on e.kind = i.kind and e.key = i.key and e.version = i.version
        where i.owner_kind = (select id from grid_log.names where name = $1) and i.owner_key = $2
        order by e.kind, e.key, e.version
        """;

    private const string Holds =
        """
        select exists (select from grid_log.inbox i
            where i.owner_kind = (select id from grid_log.names where name = $1) and i.owner_key = $2
                and i.kind = (select id from grid_log.names where name = $3) and i.key = $4 and i.version = $5)
        """;

    // Drawn, not sorted: whoever cannot hear now must not stand in the way of all others.
    private const string Unheard =
        """
        with owners as materialized (select distinct owner_kind, owner_key from grid_log.inbox where told < now() - $1)
        select n.name, o.owner_key from owners o join grid_log.names n on n.id = o.owner_kind order by random() limit $2
        """;

    /// <inheritdoc cref="EventLog.ReadInboxAsync"/>
    public Task<IReadOnlyList<LogEntry>> ReadAsync(EntityId entity, CancellationToken cancellation) => reads.RunAsync(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, Read, entity);
            return await reads.EntriesAsync(command, cancellation).ConfigureAwait(false);
        },
        cancellation);

    /// <inheritdoc cref="EventLog.IsInInboxAsync"/>
    public Task<bool> HoldsAsync(EntityId entity, RowId row, CancellationToken cancellation) => reads.RunAsync(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, Holds, entity);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Entity.Kind });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Entity.Key });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = row.Version });
            return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        },
        cancellation);

    /// <inheritdoc cref="EventLog.ReadUnheardAsync"/>
    public Task<IReadOnlyList<EntityId>> ReadUnheardAsync(TimeSpan olderThan, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(olderThan, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return reads.RunAsync<IReadOnlyList<EntityId>>(
            async (connection, cancellation) =>
            {
                using var command = new NpgsqlCommand(Unheard, connection);
                command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = olderThan });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = limit });
                var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using var ended = reader.ConfigureAwait(false);
                var owners = new List<EntityId>();
                while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
                {
                    owners.Add(new(reader.GetString(0), reader.GetString(1)));
                }

                return owners;
            },
            cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, EntityId entity)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entity.Kind });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entity.Key });
        return command;
    }
}

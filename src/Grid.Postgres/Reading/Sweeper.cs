using Npgsql;

namespace Grid.Postgres;

/// <summary>What goes over many entities' rows: those not told yet, and those kept long enough.</summary>
internal sealed class Sweeper(LogReads reads)
{
    // Taking a row sets its time anew, so that no other sweeper takes it while the one who has it tells the others; one that dies loses it to the next.
    private const string Unsettled =
        """
        with due as materialized (
            select kind, key, version from grid_log.untold where since < now() - $1 order by since limit $2 for update skip locked),
        taken as (
            update grid_log.untold u set since = now() from due d
            where u.kind = d.kind and u.key = d.key and u.version = d.version returning u.kind, u.key, u.version)
        select e.version, e.type, e.id_hash, e.at, e.body, e.kind, e.key
        from taken t join grid_log.events e on e.kind = t.kind and e.key = t.key and e.version = t.version
        order by e.kind, e.key, e.version
        """;

    private const string Trim =
        """
        delete from grid_log.events where ctid = any (array(
            select e.ctid from grid_log.events e join grid_log.snapshots s on s.kind = e.kind and s.key = e.key
            where e.written < now() - $1 and e.version <= s.version
                and not exists (select from grid_log.untold u where u.kind = e.kind and u.key = e.key and u.version = e.version)
            limit $2 for update of e skip locked))
        """;

    /// <inheritdoc cref="EventLog.ReadUnsettledAsync"/>
    public Task<IReadOnlyList<LogEntry>> ReadUnsettledAsync(TimeSpan olderThan, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(olderThan, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return reads.RunAsync(
            async (connection, cancellation) =>
            {
                using var command = Command(connection, Unsettled, olderThan, limit);
                return await reads.EntriesAsync(command, cancellation).ConfigureAwait(false);
            },
            cancellation);
    }

    /// <inheritdoc cref="EventLog.TrimAsync"/>
    public Task<int> TrimAsync(TimeSpan retention, int limit, CancellationToken cancellation) => reads.RunAsync(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, Trim, retention, limit);
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, TimeSpan span, int limit)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = span });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = limit });
        return command;
    }
}

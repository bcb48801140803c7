using Npgsql;

namespace Grid.Postgres;

/// <summary>Deletes rows that were kept long enough.</summary>
internal sealed class Trimmer(LogReads reads)
{
    // A row in an inbox is needed by whoever must hear of it. Those are young, so all rows as old as the oldest of them stay; looking for each row would need an index more.
    private const string Trim =
        """
        delete from grid_log.events where ctid = any (array(
            select e.ctid from grid_log.events e join grid_log.snapshots s on s.kind = e.kind and s.key = e.key
            where e.written < now() - $1 and e.version <= s.version
                and e.written < (select coalesce(min(told), 'infinity') from grid_log.inbox)
            limit $2 for update of e skip locked))
        """;

    /// <inheritdoc cref="EventLog.TrimAsync"/>
    public Task<int> TrimAsync(TimeSpan retention, int limit, CancellationToken cancellation) => reads.RunAsync(
        async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand(Trim, connection);
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = retention });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = limit });
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);
}

using Npgsql;

namespace Grid.Postgres;

/// <summary>
/// Ends transactions on the log's rows whose client says nothing more. A process that freezes, or whose network is cut, while it sends a flush leaves one behind:
/// no time limit of the server's ends it, and it would hold up whoever takes its entities over for as long as the freeze lasts. What it had not committed
/// was never acknowledged.
/// </summary>
internal static class SilentBlockers
{
    /// <summary>For how long a flush waits for a lock, in milliseconds, before it looks who holds it.</summary>
    public const int LockTimeoutMilliseconds = 500;

    // A flush that is being sent waits for its client too, for moments; one of half a second is no flush that goes well.
    private const string End =
        """
        select count(pg_terminate_backend(a.pid)) from pg_stat_activity a
        where a.datid = (select oid from pg_database where datname = current_database()) and a.usename = current_user and a.pid <> pg_backend_pid()
            and a.wait_event = 'ClientRead' and a.xact_start < clock_timestamp() - interval '500 milliseconds'
            and exists (select from pg_locks l where l.pid = a.pid and l.mode = 'RowExclusiveLock'
                and l.relation in ('grid_log.events'::regclass, 'grid_log.snapshots'::regclass, 'grid_log.inbox'::regclass))
        """;

    /// <summary>Whether a failure says that a lock was not to be had in time.</summary>
    public static bool AreBehind(PostgresException failure) => failure.SqlState == PostgresErrorCodes.LockNotAvailable;

    /// <summary>Ends them, through the connection of the flush that waited, whose own transaction was undone.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<long> EndAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(End, connection);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}

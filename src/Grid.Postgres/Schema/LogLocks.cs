namespace Grid.Postgres;

/// <summary>
/// Statements that wait for their turn, until the end of the transaction. Each has an advisory lock of the database of its own: numbers that nobody else takes.
/// </summary>
internal static class LogLocks
{
    /// <summary>To create the tables, or to bring them to a newer version.</summary>
    public const string ToCreate = "select pg_advisory_xact_lock(x'677269646C6F6701'::bigint)";

    /// <summary>To give a file of batch features its moment: two at once would find the same one.</summary>
    public const string ToName = "select pg_advisory_xact_lock(x'677269646C6F6702'::bigint)";
}

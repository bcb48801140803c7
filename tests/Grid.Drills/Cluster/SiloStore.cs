using Grid.Testing;

namespace Grid.Drills;

/// <summary>Where the silos of a drill find each other and keep entities.</summary>
/// <param name="Arguments">The arguments that name the store to each silo.</param>
/// <param name="Server">A database that was started for it and ends with it; null where the store is somebody else's.</param>
internal sealed record SiloStore(IReadOnlyList<string> Arguments, PostgresServer? Server = null) : IDisposable
{
    /// <summary>Processor time that the database has spent.</summary>
    public TimeSpan CpuTime => Server?.CpuTime ?? TimeSpan.Zero;

    /// <summary>The event log on a PostgreSQL server that is started for it.</summary>
    /// <exception cref="DrillException">There is no PostgreSQL here.</exception>
    public static SiloStore Postgres()
    {
        if (PostgresServer.Absent is { } reason)
        {
            throw new DrillException(reason);
        }

        var server = PostgresServer.Start("max_connections=300");
        var connection = "--Grid:Orleans:ConnectionString=" + server.ConnectionString;
        return new(["--Grid:Orleans:Clustering=adonet", "--Grid:Orleans:Storage=log", connection], server);
    }

    public void Dispose() => Server?.Dispose();
}

using System.Globalization;

using Grid.Postgres.Tests;
using Grid.Testing;

using Npgsql;

[assembly: AssemblyFixture(typeof(Databases))]

namespace Grid.Postgres.Tests;

/// <summary>A real server for all tests, and a database of its own for each.</summary>
public sealed class Databases : IDisposable
{
    private readonly Lazy<PostgresServer> _server = new(() => PostgresServer.Start());
    private int _count;

    /// <summary>A new database with the log's tables; the test is skipped where no server can run.</summary>
    /// <returns>How it is reached.</returns>
    public async Task<string> CreateAsync()
    {
        var database = await CreateEmptyAsync();
        await EventLog.CreateAsync(database, default);
        return database;
    }

    /// <summary>A new database without tables.</summary>
    public async Task<string> CreateEmptyAsync()
    {
        Assert.SkipWhen(PostgresServer.Absent is not null, PostgresServer.Absent ?? "");
        var name = "test" + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        await Sql.RunAsync(_server.Value.ConnectionString, $"create database {name}");
        return new NpgsqlConnectionStringBuilder(_server.Value.ConnectionString) { Database = name }.ConnectionString;
    }

    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            NpgsqlConnection.ClearAllPools();
            _server.Value.Dispose();
        }
    }
}

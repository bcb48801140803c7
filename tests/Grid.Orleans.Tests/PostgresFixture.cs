using System.Globalization;
using Grid.Decisions.Plans;
using Grid.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(Grid.Orleans.Tests.PostgresFixture))]

namespace Grid.Orleans.Tests;

/// <summary>A PostgreSQL server for all tests, each of which makes a database of its own in it.</summary>
public sealed class PostgresFixture : IDisposable
{
    private readonly PostgresServer? _server = PostgresServer.Absent is null ? PostgresServer.Start("max_connections=1000") : null;
    private int _made;

    /// <summary>Makes an empty database; the test is skipped where no server can run.</summary>
    /// <returns>How to reach it.</returns>
    public async Task<string> MakeDatabaseAsync()
    {
        Assert.SkipWhen(PostgresServer.Absent is not null, PostgresServer.Absent ?? "");
        var name = "grid" + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
        await using var connection = new NpgsqlConnection(_server!.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("create database " + name, connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Runs a command in a database.</summary>
    public async Task RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Silos with a storage, in a database of their own where it needs one.</summary>
    /// <param name="storage">Where entities are.</param>
    /// <param name="bundle">What they serve; <c>fraud</c> where it is null.</param>
    /// <param name="time">The grid's clock; the system's where it is null.</param>
    internal async Task<TestGrid> StartAsync(StorageKind storage, Bundle? bundle = null, TimeProvider? time = null)
    {
        var database = storage == StorageKind.Memory ? "" : await MakeDatabaseAsync();
        return await TestGrid.StartAsync(options => (options.Storage, options.ConnectionString) = (storage, database), bundle, time: time);
    }

    public void Dispose() => _server?.Dispose();
}

using System.Globalization;

using Grid.Testing;

using Npgsql;

namespace Grid.Orleans.Tests;

/// <summary>A PostgreSQL server for the tests of a class, which make databases of their own in it.</summary>
public sealed class PostgresFixture : IDisposable
{
    private readonly PostgresServer? _server = PostgresServer.Absent is null ? PostgresServer.Start("max_connections=300") : null;
    private int _made;

    /// <summary>Makes an empty database.</summary>
    /// <returns>How to reach it.</returns>
    public async Task<string> MakeDatabaseAsync()
    {
        var name = "grid" + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
        await using var connection = new NpgsqlConnection(_server!.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("create database " + name, connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    public void Dispose() => _server?.Dispose();
}

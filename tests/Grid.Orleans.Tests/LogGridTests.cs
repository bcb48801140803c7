using Grid.Contract.Tests;
using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>The Orleans host: three silos, entities in the event log on a real PostgreSQL server.</summary>
public sealed class LogGridTests(PostgresFixture postgres) : GridContract, IClassFixture<PostgresFixture>
{
    private TestGrid? _test;

    protected override async ValueTask<IGrid> StartAsync()
    {
        Assert.SkipWhen(PostgresServer.Absent is not null, PostgresServer.Absent ?? "");
        var database = await postgres.MakeDatabaseAsync();
        _test = await TestGrid.StartAsync(options => (options.Storage, options.ConnectionString) = (StorageKind.Log, database));
        return _test.Grid;
    }

    protected override ValueTask StopAsync() => _test?.DisposeAsync() ?? default;
}

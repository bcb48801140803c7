using Grid.Contract.Tests;

namespace Grid.Orleans.Tests;

/// <summary>The Orleans host: two silos, entities in the event log on a real PostgreSQL server.</summary>
public sealed class LogGridTests(PostgresFixture postgres) : GridContract
{
    private TestGrid? _test;

    protected override async ValueTask<IGrid> StartAsync()
    {
        _test = await postgres.StartAsync(StorageKind.Log);
        return _test.Grid;
    }

    protected override ValueTask StopAsync() => _test?.DisposeAsync() ?? default;
}

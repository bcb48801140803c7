using Grid.Contract.Tests;
using Grid.Decisions.Plans;

namespace Grid.Orleans.Tests;

/// <summary>The Orleans host loads batch features: two silos, files in the event log on a real PostgreSQL server.</summary>
public sealed class LogBatchTests(PostgresFixture postgres) : BatchContract
{
    private TestGrid? _test;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _test = await postgres.StartAsync(StorageKind.Log, bundle, Time);
        return _test.Grid;
    }

    protected override ValueTask StopAsync() => _test?.DisposeAsync() ?? default;
}

/// <summary>The same with files as grain state in memory.</summary>
public sealed class MemoryBatchTests : BatchContract
{
    private TestGrid? _test;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _test = await TestGrid.StartAsync(options => options.Storage = StorageKind.Memory, bundle, time: Time);
        return _test.Grid;
    }

    protected override ValueTask StopAsync() => _test?.DisposeAsync() ?? default;
}

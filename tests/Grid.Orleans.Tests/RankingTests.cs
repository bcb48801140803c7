using Grid.Contract.Tests;
using Grid.Decisions.Plans;

namespace Grid.Orleans.Tests;

/// <summary>The Orleans host ranks: two silos, entities in the event log on a real PostgreSQL server.</summary>
public sealed class LogRankingTests(PostgresFixture postgres) : RankingContract
{
    private TestGrid? _test;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _test = await postgres.StartAsync(StorageKind.Log, bundle);
        return _test.Grid;
    }

    protected override ValueTask StopAsync() => _test?.DisposeAsync() ?? default;
}

/// <summary>The same over grain state in memory.</summary>
public sealed class MemoryRankingTests : RankingContract
{
    private TestGrid? _test;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _test = await TestGrid.StartAsync(options => options.Storage = StorageKind.Memory, bundle);
        return _test.Grid;
    }

    protected override ValueTask StopAsync() => _test?.DisposeAsync() ?? default;
}

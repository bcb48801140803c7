using Grid.Contract.Tests;

namespace Grid.Orleans.Tests;

/// <summary>The Orleans host: two silos, entities as grain state in the cluster's memory.</summary>
public sealed class MemoryGridTests : GridContract
{
    private TestGrid? _test;

    protected override async ValueTask<IGrid> StartAsync()
    {
        _test = await TestGrid.StartAsync(options => options.Storage = StorageKind.Memory);
        return _test.Grid;
    }

    protected override ValueTask StopAsync() => _test?.DisposeAsync() ?? default;
}

using Grid.Contract.Tests;
using Grid.Decisions.Plans;

namespace Grid.Orleans.Tests;

/// <summary>The Orleans host: three silos, so that features of other entities and answers cross between them.</summary>
public sealed class ExactnessTests : ExactnessContract
{
    private TestGrid? _test;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _test = await TestGrid.StartAsync(options => options.Storage = StorageKind.Memory, bundle);
        return _test.Grid;
    }

    protected override ValueTask StopAsync() => _test?.DisposeAsync() ?? default;
}

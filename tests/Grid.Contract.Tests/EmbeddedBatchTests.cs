using Grid.Decisions.Plans;
using Grid.Engine;

namespace Grid.Contract.Tests;

/// <summary>The embedded host loads batch features, asked in process.</summary>
public sealed class EmbeddedBatchTests : BatchContract
{
    private EmbeddedGrid? _grid;

    protected override ValueTask<IGrid> StartAsync(Bundle bundle, string data) =>
        new(_grid = EmbeddedGrid.Open(bundle, new() { Folder = data }, Time));

    protected override ValueTask StopAsync() => _grid!.DisposeAsync();
}

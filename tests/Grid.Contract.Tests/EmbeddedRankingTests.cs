using Grid.Decisions.Plans;
using Grid.Engine;

namespace Grid.Contract.Tests;

/// <summary>The embedded host ranks, asked in process.</summary>
public sealed class EmbeddedRankingTests : RankingContract
{
    private EmbeddedGrid? _grid;

    protected override ValueTask<IGrid> StartAsync(Bundle bundle, string data) =>
        new(_grid = EmbeddedGrid.Open(bundle, new() { Folder = data }, TimeProvider.System));

    protected override ValueTask StopAsync() => _grid!.DisposeAsync();
}

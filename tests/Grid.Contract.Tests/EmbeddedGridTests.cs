using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Testing;

namespace Grid.Contract.Tests;

/// <summary>The embedded host, asked in process.</summary>
public sealed class EmbeddedGridTests : GridContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-contract-").FullName;
    private EmbeddedGrid? _grid;

    protected override ValueTask<IGrid> StartAsync()
    {
        _grid = EmbeddedGrid.Open(BundleReader.Read(Repository.Bundle("fraud")), new() { Folder = _folder }, TimeProvider.System);
        return new(_grid);
    }

    protected override async ValueTask StopAsync()
    {
        await _grid!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

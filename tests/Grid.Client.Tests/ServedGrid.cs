using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Client.Tests;

/// <summary>The embedded grid with the fraud bundle, behind a real gateway on a free port.</summary>
public class ServedGrid : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-served-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private EmbeddedGrid _grid = null!;
    private WebApplication _server = null!;

    public string Address { get; private set; } = "";

    /// <summary>The folder of the bundle that is served.</summary>
    public virtual string Bundle => Repository.Bundle("fraud");

    public async ValueTask InitializeAsync()
    {
        _grid = EmbeddedGrid.Open(
            BundleReader.Read(Bundle), new() { Folder = _folder, Durability = Durability.Received, Shards = 2 }, _time);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IGrid>(_grid).AddSingleton<TimeProvider>(_time).AddGridGateway();
        _server = builder.Build();
        _server.UseRouting();
        _server.MapGridGateway();
        await _server.StartAsync();
        Address = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _grid.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

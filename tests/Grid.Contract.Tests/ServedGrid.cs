using Grid.Client;
using Grid.Decisions.Plans;
using Grid.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Contract.Tests;

/// <summary>An embedded grid behind a real HTTP server on a port of its own, and a client of it.</summary>
internal sealed class ServedGrid : IAsyncDisposable
{
    private readonly EmbeddedGrid _served;
    private readonly WebApplication _server;

    private ServedGrid(EmbeddedGrid served, WebApplication server) => (_served, _server) = (served, server);

    public GridClient Client { get; private set; } = null!;

    public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<ServedGrid> StartAsync(Bundle bundle, string folder, TimeProvider time, CancellationToken cancellation)
    {
        var served = EmbeddedGrid.Open(bundle, new() { Folder = folder, Durability = Durability.Received, Shards = 4 }, time);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IGrid>(served).AddGridGateway();
        var server = builder.Build();
        server.UseRouting();
        server.MapGridGateway();
        await server.StartAsync(cancellation);

        var started = new ServedGrid(served, server);
        started.Client = await GridClient.ConnectAsync(started.Address, null, cancellation);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _server.DisposeAsync();
        await _served.DisposeAsync();
    }
}

using System.Net;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grid.Orleans;

/// <summary>A program's link to a cluster: its grains, and the grid over them. For clients that are nothing else; a server adds a client to its own host.</summary>
public sealed class ClusterLink : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterLink(IHost host, OrleansGrid grid) => (_host, Grid) = (host, grid);

    /// <summary>The cluster's grid.</summary>
    public OrleansGrid Grid { get; }

    /// <summary>The cluster's grains, such as <see cref="ICardGrain"/>.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Connects to a cluster.</summary>
    /// <param name="where">The gateway of a silo, such as <c>127.0.0.1:30000</c>, several with commas between; or the PostgreSQL server that silos find each other through, as Npgsql reads it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="clusterId">The cluster's name.</param>
    /// <param name="serviceId">The name under which state is kept.</param>
    /// <param name="time">The client's clock; the system's where it is null.</param>
    /// <exception cref="FormatException"><paramref name="where"/> is neither.</exception>
    /// <exception cref="GridException">No silo can be reached.</exception>
    public static async Task<ClusterLink> ConnectAsync(
        string where, CancellationToken cancellation, string clusterId = "grid", string serviceId = "grid", TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(where);
        var throughServer = where.Contains('=', StringComparison.Ordinal);
        var gateways = throughServer ? [] : where.Split(',').Select(GatewayOf).ToArray();
        var options = new GridClusterOptions { ClusterId = clusterId, ServiceId = serviceId };
        (options.Clustering, options.ConnectionString) = throughServer ? (ClusteringKind.AdoNet, where) : (ClusteringKind.Localhost, "");
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleansClient(client =>
        {
            client.AddGrid(options);
            if (gateways.Length > 0)
            {
                client.UseStaticClustering(gateways);
                client.Configure<global::Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (clusterId, serviceId));
            }
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
            var grid = await OrleansGrid.ConnectAsync(
                host.Services.GetRequiredService<IClusterClient>(), time ?? TimeProvider.System, cancellation).ConfigureAwait(false);
            return new(host, grid);
        }
        catch (Exception e)
        {
            host.Dispose();
            if (e is GridException or OperationCanceledException)
            {
                throw;
            }

            throw GridException.Unavailable($"No silo can be reached through {(throughServer ? "the PostgreSQL server" : where)}: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        _host.Dispose();
    }

    private static IPEndPoint GatewayOf(string text) => IPEndPoint.TryParse(text.Trim(), out var gateway) && gateway.Port != 0
        ? gateway
        : throw new FormatException($"'{text.Trim()}' is no gateway of a silo; an address and a port such as 127.0.0.1:30000 would do, or a PostgreSQL connection string.");
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

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
    /// <param name="where">As of the other overload.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="clusterId">The cluster's name.</param>
    /// <param name="serviceId">The name under which state is kept.</param>
    /// <exception cref="FormatException"><paramref name="where"/> names no cluster.</exception>
    /// <exception cref="GridException">No silo can be reached.</exception>
    public static Task<ClusterLink> ConnectAsync(
        string where, CancellationToken cancellation, string clusterId = "grid", string serviceId = "grid") =>
        ConnectAsync(where, new GridClusterOptions { ClusterId = clusterId, ServiceId = serviceId }, cancellation);

    /// <summary>Connects to a cluster, with settings of section <c>Grid:Orleans</c>: its name, TLS, the table of its members.</summary>
    /// <param name="where">As of the other overload.</param>
    /// <param name="settings">The settings, such as the environment's: <c>Grid__Orleans__Tls__Enabled</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="FormatException"><paramref name="where"/> names no cluster.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    /// <exception cref="GridException">No silo can be reached.</exception>
    public static Task<ClusterLink> ConnectAsync(string where, IConfiguration settings, CancellationToken cancellation) =>
        ConnectAsync(where, GridClusterServices.Bind(settings), cancellation);

    /// <summary>Connects to a cluster.</summary>
    /// <param name="where">
    /// The gateway of a silo, such as <c>127.0.0.1:30000</c>, several with commas between; or what silos find each other through: a
    /// connection string of a PostgreSQL server or of an Azure Storage account, or the address of the account's table service, such as
    /// <c>https://ACCOUNT.table.core.windows.net</c>.
    /// </param>
    /// <param name="options">Settings of the cluster.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="FormatException"><paramref name="where"/> names no cluster.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    /// <exception cref="GridException">No silo can be reached.</exception>
    public static async Task<ClusterLink> ConnectAsync(string where, GridClusterOptions options, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(where);
        ArgumentNullException.ThrowIfNull(options);
        var place = ClusterPlace.Read(where, options);
        GridClusterServices.Check(options, client: true);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleansClient(client =>
        {
            client.AddGrid(options);
            if (place.Gateways.Count > 0)
            {
                client.UseStaticClustering([.. place.Gateways]);
                client.Configure<global::Orleans.Configuration.ClusterOptions>(cluster =>
                    (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
            }
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
            var grid = await OrleansGrid.ConnectAsync(
                host.Services.GetRequiredService<IClusterClient>(), GridClock.Default, cancellation).ConfigureAwait(false);
            return new(host, grid);
        }
        catch (Exception e)
        {
            host.Dispose();
            if (e is GridException or OperationCanceledException)
            {
                throw;
            }

            throw GridException.Unavailable($"No silo can be reached through {place.Name}: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        _host.Dispose();
    }
}

using Grid.Orleans;

namespace Grid.Silo.Cluster;

/// <summary><c>gateway</c>: serves HTTP in front of a cluster, over a client of it, until it is told to stop.</summary>
internal static class GatewayCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = SiloHost.Prepare(args);
            var options = builder.Configuration.ReadGridCluster(client: true);
            if (ClusterHost.DashboardFault(builder.Configuration, options) is { } fault)
            {
                throw new SiloException([fault]);
            }

            using var cluster = await ConnectAsync(builder.Configuration, options);
            var client = cluster.Services.GetRequiredService<IClusterClient>();
            var grid = await OrleansGrid.ConnectAsync(client, TimeProvider.System, CancellationToken.None);
            if (options.Dashboard)
            {
                builder.Services.AddClusterDashboard(builder.Configuration, client);
            }

            builder.Services.AddSingleton<IGrid>(grid);
            builder.Services.AddGridGateway();
            builder.Services.AddHealthChecks().AddCheck("cluster", new GatewayReadiness(grid), tags: ["ready"]);
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain);
            await using (var gateway = builder.Build())
            {
                gateway.MapGridGateway();
                ClusterHost.Map(gateway, options);
                await gateway.RunAsync();
            }

            await cluster.StopAsync();
            return 0;
        }
        catch (Exception raised) when (SiloErrors.TryTell(raised, Console.Error))
        {
            return 1;
        }
        catch (GridException raised)
        {
            await Console.Error.WriteLineAsync($"The gateway does not start:\n  {raised.Message}");
            return 1;
        }
    }

    // The client has a host of its own: what the gateway serves is asked of the cluster before the gateway is put together.
    private static async Task<IHost> ConnectAsync(ConfigurationManager configuration, GridClusterOptions options)
    {
        var client = Host.CreateEmptyApplicationBuilder(new());
        client.Configuration.AddConfiguration(configuration);
        client.Logging.AddConfiguration(configuration.GetSection("Logging")).AddSimpleConsole();
        client.UseOrleansClient(orleans => orleans.AddGrid(options).UseConnectionRetryFilter(WaitAsync));
        var host = client.Build();
        await host.StartAsync();
        return host;
    }

    // The cluster may be starting too: Kubernetes ends whoever waits for too long.
    private static async Task<bool> WaitAsync(Exception failure, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"No silo can be reached yet: {failure.Message}");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation);
        return true;
    }
}

using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Models;
using Grid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Grid.Orleans.Tests;

/// <summary>Silos in this process, and the grid as a client of theirs has it.</summary>
internal sealed class TestGrid : IAsyncDisposable
{
    // Read and loaded once, and not by each silo of each test.
    private static readonly Lazy<Bundle> Fraud = new(() => BundleReader.Read(Repository.Bundle("fraud")));
    private static readonly ModelCatalog FraudModels = new();

    private readonly ModelCatalog? _models;

    private TestGrid(InProcessTestCluster cluster, OrleansGrid grid, ModelCatalog? models) => (Cluster, Grid, _models) = (cluster, grid, models);

    public InProcessTestCluster Cluster { get; }

    public OrleansGrid Grid { get; }

    /// <param name="configure">Sets what differs from the usual.</param>
    /// <param name="bundle">What the silos serve; <c>fraud</c> where it is null.</param>
    /// <param name="silos">How many.</param>
    /// <param name="time">The grid's clock; the system's where it is null. Orleans has the system's in any case.</param>
    /// <param name="more">Registers what a test needs in a silo beyond the grid.</param>
    public static async Task<TestGrid> StartAsync(
        Action<GridClusterOptions> configure,
        Bundle? bundle = null,
        short silos = 2,
        TimeProvider? time = null,
        Action<IServiceCollection>? more = null)
    {
        var models = bundle is null ? null : new ModelCatalog();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ServiceId = "grid"; // State is kept under it.
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureSilo((_, silo) =>
        {
            var options = new GridClusterOptions { Rebalance = false, Stripes = 16 };

            // Tests on the system's clock wait for it.
            (options.FilesAhead, options.FilesLookEvery) = (TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200));
            configure(options);
            silo.Services.AddSingleton(bundle ?? Fraud.Value);
            silo.Services.AddSingleton(models ?? FraudModels);
            silo.Services.AddKeyedSingleton(GridClock.Key, time ?? TimeProvider.System);
            silo.AddGridGrains(options);
            more?.Invoke(silo.Services);

            // A silo is declared dead by a test or not at all.
            silo.Configure<ClusterMembershipOptions>(membership => membership.NumMissedProbesLimit = 1_000_000);
            silo.Configure<SiloMessagingOptions>(
                messaging => (messaging.ResponseTimeout, messaging.SystemResponseTimeout) = (Limit.Generous, Limit.Generous));
        });
        builder.ConfigureClient(client =>
        {
            client.Services.AddGridMessages();
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = Limit.Generous);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync().InTime();
        return new(cluster, await OrleansGrid.ConnectAsync(cluster.Client, time ?? TimeProvider.System, CancellationToken.None), models);
    }

    /// <summary>A service of each silo.</summary>
    public T[] OfEachSilo<T>()
        where T : notnull => [.. Cluster.Silos.Select(silo => Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<T>())];

    /// <summary>An entity's grain as the silos reach it: its internal methods refuse clients.</summary>
    public IPeerGrain PeerOf(EntityId entity) => GrainIds.PeerOf(OfEachSilo<IGrainFactory>()[0], entity);

    public async ValueTask DisposeAsync()
    {
        await Cluster.StopAllSilosAsync(); // To dispose of it alone leaves it on an event of the process, with all that its silos hold in memory: each start after it would take longer.
        await Cluster.DisposeAsync();
        _models?.Dispose();
    }
}

using Grid.Decisions;
using Grid.Models;
using Grid.Testing;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using Orleans.TestingHost;

namespace Grid.Orleans.Tests;

/// <summary>Three silos in this process, and the grid as a client of theirs has it.</summary>
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
    public static async Task<TestGrid> StartAsync(Action<GridClusterOptions> configure, Bundle? bundle = null, short silos = 3)
    {
        var models = bundle is null ? null : new ModelCatalog();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ServiceId = "grid"; // State is kept under it.
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureSilo((_, silo) =>
        {
            var options = new GridClusterOptions { Rebalance = false, Stripes = 16 };
            (options.FilesAhead, options.FilesLookEvery) = (TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200)); // As long as a test may wait, and as a busy machine needs.
            configure(options);
            silo.Services.AddSingleton(bundle ?? Fraud.Value);
            silo.Services.AddSingleton(models ?? FraudModels);
            silo.AddGridGrains(options);
        });
        builder.ConfigureClient(client => client.Services.AddGridMessages());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster, await OrleansGrid.ConnectAsync(cluster.Client, TimeProvider.System, CancellationToken.None), models);
    }

    /// <summary>A service of each silo.</summary>
    public T[] OfEachSilo<T>()
        where T : notnull => [.. Cluster.Silos.Select(silo => Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<T>())];

    public async ValueTask DisposeAsync()
    {
        await Cluster.StopAllSilosAsync(); // To dispose of it alone leaves it on an event of the process, with all that its silos hold in memory: each start after it would take longer.
        await Cluster.DisposeAsync();
        _models?.Dispose();
    }
}

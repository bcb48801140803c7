using System.Globalization;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Drills;
using Grid.Models;
using Grid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Clustering.AzureStorage;
using Orleans.Configuration;

namespace Grid.Orleans.Tests;

/// <summary>
/// Silos in this process, set up as the silo program sets them up, clustering and connections included, and the grid as a client of theirs
/// has it. Nobody loses patience: a busy machine makes a test slow, not wrong.
/// </summary>
internal sealed class HostedCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Bundle> Fraud = new(() => BundleReader.Read(Repository.Bundle("fraud")));
    private static readonly ModelCatalog FraudModels = new();

    private readonly List<IHost> _silos = [];
    private readonly ModelCatalog? _models;
    private readonly TimeProvider _time;
    private IHost? _client;

    private HostedCluster(ModelCatalog? models, TimeProvider time) => (_models, _time) = (models, time);

    /// <summary>The settings of each silo.</summary>
    public List<GridClusterOptions> Silos { get; } = [];

    public OrleansGrid Grid { get; private set; } = null!;

    /// <param name="configure">Sets what differs from the usual, for silos and for the client.</param>
    /// <param name="bundle">What the silos serve; <c>fraud</c> where it is null.</param>
    /// <param name="silos">How many.</param>
    /// <param name="time">The grid's clock; the system's where it is null. Orleans has the system's in any case.</param>
    public static async Task<HostedCluster> StartAsync(Action<GridClusterOptions> configure, Bundle? bundle = null, int silos = 3, TimeProvider? time = null)
    {
        var cluster = new HostedCluster(bundle is null ? null : new ModelCatalog(), time ?? TimeProvider.System);
        try
        {
            for (var i = 0; i < silos; i++)
            {
                await cluster.AddSiloAsync(configure, bundle ?? Fraud.Value);
            }

            cluster._client = MakeClient(cluster.ClientOptions(configure));
            await cluster._client.StartAsync();
            var client = cluster._client.Services.GetRequiredService<IClusterClient>();
            cluster.Grid = await OrleansGrid.ConnectAsync(client, cluster._time, CancellationToken.None);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that is not started.</summary>
    public static IHost MakeClient(GridClusterOptions options, ILoggerProvider? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.UseOrleansClient(client =>
        {
            client.AddGrid(options);
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = Patience);
            client.Configure<ConnectionOptions>(connections => connections.OpenConnectionTimeout = Patience);
        });
        return builder.Build();
    }

    /// <summary>Settings of a client of the first silo.</summary>
    public GridClusterOptions ClientOptions(Action<GridClusterOptions> configure)
    {
        var options = new GridClusterOptions();
        configure(options);
        options.GatewayPort = Silos[0].GatewayPort;
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _silos.Prepend(_client).OfType<IHost>())
        {
            await host.StopAsync();
            host.Dispose();
        }

        _models?.Dispose();
    }

    private async Task AddSiloAsync(Action<GridClusterOptions> configure, Bundle bundle)
    {
        var options = new GridClusterOptions { Rebalance = false, Stripes = 16, SiloPort = FreePort.Next(), GatewayPort = FreePort.Next() };
        (options.FilesAhead, options.FilesLookEvery) = (TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200));
        options.SiloName = string.Create(CultureInfo.InvariantCulture, $"s{_silos.Count + 1}");
        configure(options);
        options.PrimarySiloPort = options.Clustering == ClusteringKind.Localhost && Silos.Count > 0 ? Silos[0].SiloPort : 0;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(bundle);
        builder.Services.AddSingleton(_models ?? FraudModels);
        builder.Services.AddKeyedSingleton(GridClock.Key, _time);
        builder.UseOrleans(silo =>
        {
            silo.AddGrid(options);
            silo.Configure<ClusterMembershipOptions>(BePatient);
            BePatient(silo.Services, options.Azure.ConnectionString);
            silo.Configure<SiloMessagingOptions>(messaging =>
                (messaging.ResponseTimeout, messaging.SystemResponseTimeout) = (Patience, Patience));
            silo.Configure<ConnectionOptions>(connections => connections.OpenConnectionTimeout = Patience);
        });
        var host = builder.Build();
        _silos.Add(host);
        Silos.Add(options);
        await host.StartAsync();
    }

    private static void BePatient(IServiceCollection services, string account)
    {
        services.Configure<AzureBlobStorageOptions>(StatePlace.Provider, storage =>
            storage.BlobServiceClient = new(account, new BlobClientOptions { Retry = { NetworkTimeout = Patience } }));
        services.Configure<AzureStorageClusteringOptions>(members =>
            members.TableServiceClient = new(account, new TableClientOptions { Retry = { NetworkTimeout = Patience } }));
    }

    private static void BePatient(ClusterMembershipOptions membership)
    {
        (membership.ProbeTimeout, membership.MinProbeTimeout, membership.MaxProbeTimeout) = (Patience, Patience, Patience);
        membership.NumMissedProbesLimit = 100;
    }
}

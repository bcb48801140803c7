using System.Data.Common;
using System.Diagnostics.Metrics;
using System.Net;
using Grid.Decisions.Plans;
using Grid.Models;
using Grid.Orleans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes an Orleans silo, or a client, one of the grid's.</summary>
public static class GridClusterServices
{
    private const string Invariant = "Npgsql";

    /// <summary>Reads section <c>Grid:Orleans</c> and the environment's <c>POD_IP</c>.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <param name="client">Whether a client asks, which has no storage.</param>
    /// <exception cref="OptionsValidationException">A setting is out of range; every fault is told.</exception>
    public static GridClusterOptions ReadGridCluster(this IConfiguration configuration, bool client = false)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = Bind(configuration);
        Check(options, client);
        return options;
    }

    /// <summary>The settings as they are written, not yet checked.</summary>
    internal static GridClusterOptions Bind(IConfiguration configuration)
    {
        var options = new GridClusterOptions();
        configuration.GetSection(GridClusterOptions.Section).Bind(options);
        if (configuration["POD_IP"] is { Length: > 0 } address)
        {
            options.AdvertisedIP = address;
        }

        return options;
    }

    /// <summary>Checks settings; every fault is told.</summary>
    internal static void Check(GridClusterOptions options, bool client)
    {
        var faults = new List<string>();
        var result = new GridClusterOptionsValidator().Validate(null, options);
        faults.AddRange(result.Failures ?? []);
        if (options.AdvertisedIP.Length > 0 && !IPAddress.TryParse(options.AdvertisedIP, out _))
        {
            faults.Add($"Grid:Orleans:AdvertisedIP (or POD_IP) is '{options.AdvertisedIP}'; expected an address such as 10.0.3.7.");
        }

        var needsServer = options.Clustering == ClusteringKind.AdoNet || (!client && options.Storage is (StorageKind.Log or StorageKind.AdoNet));
        if (needsServer && options.ConnectionString.Length == 0)
        {
            faults.Add("Grid:Orleans:ConnectionString is empty; clustering 'adonet' and storage 'log' and 'adonet' need a PostgreSQL server: Host=…;Database=…;Username=…");
        }

        if (options.FilesAhead < 4 * options.FilesLookEvery)
        {
            faults.Add($"Grid:Orleans:FilesAhead is {options.FilesAhead}, and FilesLookEvery {options.FilesLookEvery}; expected FilesAhead to be at least four times FilesLookEvery.");
        }

        var blobs = !client && options.Storage == StorageKind.Azure;
        faults.AddRange(AzureRules.Check(options.Azure, blobs, tables: options.Clustering == ClusteringKind.Azure));
        var unsecured = new List<string>();
        ClusterTls.TryRead(options.Tls, client, GridClock.Default, unsecured);
        faults.AddRange(unsecured);
        if (faults.Count > 0)
        {
            throw new OptionsValidationException(GridClusterOptions.Section, typeof(GridClusterOptions), faults);
        }
    }

    /// <summary>A silo with the grid's grains, storage and placement. A <see cref="Bundle"/> must be registered. It also is the grid for those in its process.</summary>
    public static ISiloBuilder AddGrid(this ISiloBuilder silo, GridClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        UseCluster(silo, options);
        ClusterSettings.Apply(silo, options);
        ClusterTls.Apply(silo, options.Tls);
        ClusterDashboard.Apply(silo, options);
        return silo.AddGridGrains(options);
    }

    /// <summary>The grid's grains and storage alone, where clustering is set up otherwise: by a test cluster, say.</summary>
    public static ISiloBuilder AddGridGrains(this ISiloBuilder silo, GridClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        UseStorage(silo, options);
        if (options.Rebalance)
        {
#pragma warning disable ORLEANSEXP002 // Without it a silo that joins gets no share of the live entities; it can be switched off.
            silo.AddActivationRebalancer();
            silo.Configure<ActivationRebalancerOptions>(ClusterSettings.Apply);
#pragma warning restore ORLEANSEXP002
        }

        var services = silo.Services;
        services.AddGridMessages();
        services.TryAddSingleton(GridClock.Default);
        services.TryAddKeyedSingleton(GridClock.Key, static (provider, _) => provider.GetRequiredService<TimeProvider>());
        services.TryAddSingleton<ModelCatalog>();
        services.TryAddSingleton<Grid.IModelReloads, ModelReloads>();
        services.AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton(provider => new ClusterMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton(provider => new SiloCore(
            provider.GetRequiredService<Bundle>(),
            options,
            GridClock.Of(provider),
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<IGridStorage>(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<ClusterMetrics>(),
            provider.GetRequiredService<ILogger<SiloCore>>()));
        services.AddSingleton(provider => new OrleansGrid(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<SiloCore>().Description, GridClock.Of(provider)));
        services.TryAddSingleton<Grid.IGrid>(provider => provider.GetRequiredService<OrleansGrid>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StorageLifecycle>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FilesLifecycle>();
        silo.AddIncomingGrainCallFilter<ClientCallFilter>();
        services.AddSingleton(provider => new ClusterReadiness(
            provider.GetRequiredService<IClusterMembershipService>(), provider.GetRequiredService<ILocalSiloDetails>(), provider.GetRequiredService<IGridStorage>()));
        return silo;
    }

    /// <summary>A client of a cluster of the grid's. Connect it, then make an <see cref="OrleansGrid"/> of it, or ask grains directly.</summary>
    public static IClientBuilder AddGrid(this IClientBuilder client, GridClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        client.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        if (options.Clustering == ClusteringKind.AdoNet)
        {
            DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
            client.UseAdoNetClustering(tables => (tables.Invariant, tables.ConnectionString) = (Invariant, options.ConnectionString));
        }
        else if (options.Clustering == ClusteringKind.Azure)
        {
            AzureStorage.AddMembers(client, options.Azure);
        }
        else
        {
            client.UseLocalhostClustering(options.GatewayPort, options.ServiceId, options.ClusterId);
        }

        ClusterSettings.Apply(client, options);
        ClusterTls.Apply(client, options.Tls);
        client.Services.AddGridMessages();
        return client;
    }

    /// <summary>The contract's messages between silos and clients.</summary>
    internal static void AddGridMessages(this IServiceCollection services)
    {
        if (services.Any(known => known.ServiceType == typeof(GridCodec)))
        {
            return;
        }

        services.AddSingleton<GridCodec>();
        services.AddSingleton<ISpecializableCodec>(provider => provider.GetRequiredService<GridCodec>());
        services.AddSingleton<ISpecializableCopier>(provider => provider.GetRequiredService<GridCodec>());
        services.AddSingleton<ITypeFilter>(provider => provider.GetRequiredService<GridCodec>());
    }

    private static void UseCluster(ISiloBuilder silo, GridClusterOptions options)
    {
        var address = options.AdvertisedIP.Length > 0 ? IPAddress.Parse(options.AdvertisedIP) : IPAddress.Loopback;
        if (options.Clustering == ClusteringKind.AdoNet)
        {
            DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
            silo.UseAdoNetClustering(tables => (tables.Invariant, tables.ConnectionString) = (Invariant, options.ConnectionString));
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, TablesLifecycle>();
            silo.ConfigureEndpoints(address, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        }
        else if (options.Clustering == ClusteringKind.Azure)
        {
            AzureStorage.AddMembers(silo, options.Azure);
            silo.ConfigureEndpoints(address, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        }
        else
        {
            var first = options.PrimarySiloPort == 0 ? null : new IPEndPoint(IPAddress.Loopback, options.PrimarySiloPort);
            silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort, first, options.ServiceId, options.ClusterId);
        }

        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        if (options.SiloName.Length > 0)
        {
            silo.Configure<SiloOptions>(one => one.SiloName = options.SiloName);
        }
    }

    private static void UseStorage(ISiloBuilder silo, GridClusterOptions options)
    {
        switch (options.Storage)
        {
            case StorageKind.Log:
                silo.Services.AddSingleton<IGridStorage>(provider =>
                    new LogStorage(options, GridClock.Of(provider), provider.GetService<IMeterFactory>()));
                return;
            case StorageKind.Memory:
                silo.AddMemoryGrainStorage(StatePlace.Provider);
                break;
            case StorageKind.AdoNet:
                DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
                silo.AddAdoNetGrainStorage(StatePlace.Provider, tables => tables.Configure<IServiceProvider>((storage, provider) =>
                {
                    (storage.Invariant, storage.ConnectionString) = (Invariant, options.ConnectionString);
                    storage.GrainStorageSerializer = new StoredBytesSerializer();
                }));
                silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, TablesLifecycle>();
                break;
            default:
                AzureStorage.AddState(silo, options.Azure);
                break;
        }

        silo.Services.AddSingleton<IGridStorage>(provider => new StateStorage(
            options, provider.GetRequiredService<Bundle>(), provider.GetRequiredService<IPersistentStateFactory>(), provider.GetRequiredService<IGrainFactory>(),
            GridClock.Of(provider)));
    }
}

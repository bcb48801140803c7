using Grid.Contract.Tests;
using Grid.Decisions.Plans;

namespace Grid.Orleans.Tests;

/// <summary>The Orleans host: three silos, entities as grain state in blobs, members in a table of an Azure Storage account.</summary>
public sealed class AzureGridTests(AzuriteFixture azurite) : GridContract
{
    private HostedCluster? _cluster;

    protected override async ValueTask<IGrid> StartAsync()
    {
        _cluster = await HostedCluster.StartAsync(await azurite.NewClusterAsync());
        return _cluster.Grid;
    }

    protected override ValueTask StopAsync() => _cluster?.DisposeAsync() ?? default;
}

/// <summary>The same, ranking.</summary>
public sealed class AzureRankingTests(AzuriteFixture azurite) : RankingContract
{
    private HostedCluster? _cluster;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _cluster = await HostedCluster.StartAsync(await azurite.NewClusterAsync(), bundle);
        return _cluster.Grid;
    }

    protected override ValueTask StopAsync() => _cluster?.DisposeAsync() ?? default;
}

/// <summary>The same, with batch features.</summary>
public sealed class AzureBatchTests(AzuriteFixture azurite) : BatchContract
{
    private HostedCluster? _cluster;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _cluster = await HostedCluster.StartAsync(await azurite.NewClusterAsync(), bundle, time: Time);
        return _cluster.Grid;
    }

    protected override ValueTask StopAsync() => _cluster?.DisposeAsync() ?? default;
}

namespace Grid.Orleans.Tests;

/// <summary>What is in the storage account outlives the cluster.</summary>
public sealed class AzureRestartTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Cluster_that_starts_again_has_everything()
    {
        var configure = await azurite.NewClusterAsync();
        Decision first;
        await using (var before = await HostedCluster.StartAsync(configure))
        {
            first = await before.Grid.AuthorizeAsync("t1");
            for (var i = 2; i <= 20; i++)
            {
                await before.Grid.AuthorizeAsync($"t{i}");
            }

            await before.Grid.IngestAsync(Payments.Report("t1"), default);
            await before.Grid.IngestAsync(Payments.Report("t21"), default);
        }

        await using var after = await HostedCluster.StartAsync(configure);
        var again = await after.Grid.AuthorizeAsync("t1");
        var found = await after.Grid.FindDecisionAsync(first.Id, default);
        await after.Grid.IngestAsync(Payments.Of("t21"), default);

        Assert.True(again.Duplicate);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(first.Features, found!.Features);
        Assert.Equal(21, await after.Grid.CardAsync("tx_count_1d"));
        Assert.Equal(2 / 21.0, await after.Grid.TerminalAsync("risk_7d"), 1e-12);
    }

    [Fact]
    public async Task Client_finds_silos_by_the_connection_string_alone()
    {
        var configure = await azurite.NewClusterAsync();
        await using var cluster = await HostedCluster.StartAsync(configure, silos: 1);
        var options = new GridClusterOptions { ClusterId = cluster.Silos[0].ClusterId };
        options.Azure.Table = cluster.Silos[0].Azure.Table;

        await using var link = await ClusterLink.ConnectAsync(cluster.Silos[0].Azure.ConnectionString, options, default);
        var decision = await Retry.Async(() => link.Grid.AuthorizeAsync("t1"));

        Assert.Equal(1, decision.Features.Single(feature => feature.Name == "card.tx_count_1d").Value);
        Assert.Equal(1, await cluster.Grid.CardAsync("tx_count_1d"));
    }
}

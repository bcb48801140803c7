namespace Grid.Orleans.Tests;

/// <summary>A client of a cluster reaches what entities answer, and nothing of what silos say to each other.</summary>
public sealed class ClientCallTests : IAsyncLifetime
{
    private static readonly EntityId Terminal = new("terminal", "77");

    private TestGrid? _test;

    public async ValueTask InitializeAsync() => _test = await TestGrid.StartAsync(options => options.Storage = StorageKind.Memory, silos: 1);

    public ValueTask DisposeAsync() => _test!.DisposeAsync();

    [Fact]
    public async Task A_delivery_a_label_and_a_read_for_a_turn_are_refused()
    {
        var peer = GrainIds.PeerOf(_test!.Cluster.Client, Terminal);
        var label = new Event("fraud_report") { ["transaction_id"] = "t-1", ["is_fraud"] = true };

        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => peer.ReadForAsync("risk_7d", EventTime.FromUnixMilliseconds(0), default));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => peer.HearInboxAsync(default));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => peer.AmendAsync(label, default));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => _test.Cluster.Client.GetGrain<ISchemaGrain>("any").GetAsync());

        Assert.Contains("IPeerGrain.ReadForAsync", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ICardGrain", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_entitys_own_interface_and_calls_of_silos_pass()
    {
        var features = await _test!.Cluster.Client.GetGrain<ITerminalGrain>(Terminal.Key).FeaturesAsync(null, default);
        await _test.PeerOf(Terminal).HearInboxAsync(default);

        Assert.Equal(0, features["tx_count_1d"].Value);
    }
}

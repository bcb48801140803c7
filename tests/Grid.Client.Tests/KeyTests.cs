using System.Globalization;
using System.Text;

namespace Grid.Client.Tests;

/// <summary>Every key that an event can have can be read with the client and with the command, and no other entity answers.</summary>
public sealed class KeyTests(ServedGrid served) : IClassFixture<ServedGrid>
{
    private const string At = "2026-01-02T03:04:05Z";

    public static TheoryData<string> Keys =>
    [
        ".", "..", "...", "..a", "a/b", "/", "//", "../x", "a/../b", "/features", "%", "%2F", "a%2Fb", "%2E%2E", "%25", "%zz",
        "?", "?at=0", "#x", "&", "+", " ", "a b", "\\", "a\\b", "'\"", "~", "{key}", "null",
        "café", "cafe\u0301", "💳", "\ufffd", "\u2028", "\u00a0", "\ufeff",
        "list", "features", "@file", "-x", "--", "-", "--help", "-?", "/?", "/h", "[diagram]",
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_is_read_with_the_client_and_with_the_command(string key)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var grid = await GridClient.ConnectAsync(new(served.Address), null, cancellation);
        Assert.Equal(EventReceipt.Accepted, await grid.IngestAsync(Payment("a-" + key, key, 1.5m), cancellation));
        var decided = await grid.DecideAsync("authorize", Payment("b-" + key, key, 2.5m), cancellation);

        Assert.True(EventTime.TryParse(At, out var at));
        var read = await grid.ReadFeaturesAsync(new("card", key), at, cancellation);
        var ran = await Ran.Async(["features", "--at", At, "--url", served.Address, "--", "card", key]);

        Assert.Equal((new EntityId("card", key), 2, 2), (read.Entity, read["tx_count_1d"].Value, read["amount_mean_1d"].Value));
        Assert.Equal(new EntityId("card", key), decided.Owner);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.StartsWith($"card/{key} at 2026-01-02T03:04:05.000Z\n", ran.Out, StringComparison.Ordinal);
        Assert.Matches(@"card\.tx_count_1d +2 ", ran.Out);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("@file")]
    [InlineData("..")]
    public async Task A_key_behind_its_kind_is_no_word_of_the_command(string key)
    {
        var ran = await Ran.Async(["features", "card", key, "--at", At, "--url", served.Address]);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.StartsWith($"card/{key} at ", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_keys_are_read_as_they_were_sent()
    {
        Rune[] alphabet = [.. "./%2EeFf?#\\ aé💳".EnumerateRunes()];
        var random = new Random(5);
        var cancellation = TestContext.Current.CancellationToken;
        using var grid = await GridClient.ConnectAsync(new(served.Address), null, cancellation);
        var keys = Enumerable.Range(0, 300)
            .Select(_ => string.Concat(random.GetItems(alphabet, random.Next(1, 7)))).Distinct().ToList();
        var id = 0;
        foreach (var key in keys)
        {
            await grid.IngestAsync(Payment(string.Create(CultureInfo.InvariantCulture, $"r-{++id}"), "random" + key, 1), cancellation);
        }

        foreach (var key in keys)
        {
            var read = await grid.ReadFeaturesAsync(new("card", "random" + key), null, cancellation);
            Assert.Equal("random" + key, read.Entity.Key);
        }

        Assert.True(EventTime.TryParse(At, out var at));
        foreach (var key in keys)
        {
            Assert.Equal(1, (await grid.ReadFeaturesAsync(new("card", "random" + key), at, cancellation))["tx_count_1d"].Value);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task A_key_that_no_event_can_have_is_refused_by_name(string key)
    {
        using var grid = await GridClient.ConnectAsync(new(served.Address), null, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<GridException>(
            async () => await grid.ReadFeaturesAsync(new("card", key), null, TestContext.Current.CancellationToken));
        var receipt = await grid.IngestAsync(Payment("refused", key, 1), TestContext.Current.CancellationToken);

        Assert.Equal((GridError.InvalidInput, "key"), (refused.Error, refused.ValidationError?.Field));
        Assert.Equal((EventOutcome.Rejected, "card"), (receipt.Outcome, receipt.ValidationError?.Field));
    }

    // Not a theory: its data would be written as UTF-8 on the way, which has no half of a pair.
    [Fact]
    public async Task Half_of_a_surrogate_pair_is_refused_as_a_key()
    {
        using var grid = await GridClient.ConnectAsync(new(served.Address), null, TestContext.Current.CancellationToken);

        foreach (var key in new[] { "\ud800", "a\udc00", "\udc00\ud800b" })
        {
            var refused = await Assert.ThrowsAsync<GridException>(
                async () => await grid.ReadFeaturesAsync(new("card", key), null, TestContext.Current.CancellationToken));
            Assert.Equal((GridError.InvalidInput, "key"), (refused.Error, refused.ValidationError?.Field));
        }
    }

    private static Event Payment(string id, string card, decimal amount) =>
        new("transaction") { ["transaction_id"] = id, ["at"] = At, ["card"] = card, ["terminal"] = "t", ["amount"] = amount };
}

using System.Net;
using System.Text.Json.Nodes;
using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Gateway.Tests;

/// <summary>The gateway over the real grid with the fraud bundle: what fields must hold, and that a refusal changes nothing.</summary>
public sealed class RealGridTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-gateway-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private EmbeddedGrid _grid = null!;
    private GatewayHost _host = null!;

    public static TheoryData<string, string> Payments => new()
    {
        { """{"at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1}""", "transaction_id" },
        { """{"transaction_id":"","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1}""", "transaction_id" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","terminal":"77","amount":1}""", "card" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"","terminal":"77","amount":1}""", "card" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":4242,"terminal":"77","amount":1}""", "card" },
        { $$"""{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"{{new string('4', 300)}}","terminal":"77","amount":1}""", "card" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77"}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":null}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":"1,00"}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1.00000000000000000000000000000000000001}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":"NaN"}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":true}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":-0.01}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1000000.01}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1e300}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1e-300}""", "amount" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1.001}""", "amount" },
        { """{"transaction_id":"x","at":"1969-12-31T23:59:59Z","card":"4242","terminal":"77","amount":1}""", "at" },
        { """{"transaction_id":"x","at":-1,"card":"4242","terminal":"77","amount":1}""", "at" },
        { """{"transaction_id":"x","at":"9999-12-31T23:59:59Z","card":"4242","terminal":"77","amount":1}""", "at" },
        { """{"transaction_id":"x","at":"yesterday","card":"4242","terminal":"77","amount":1}""", "at" },
        { """{"transaction_id":"x","at":"2025-02-30T00:00:00Z","card":"4242","terminal":"77","amount":1}""", "at" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1,"colour":"red"}""", "colour" },
        { """{"transaction_id":"x","at":"2025-07-25T12:00:00Z","card":"4242","terminal":"77","amount":1,"Amount":2}""", "Amount" },
    };

    public async ValueTask InitializeAsync()
    {
        _grid = EmbeddedGrid.Open(BundleReader.Read(Repository.Bundle("fraud")), new EngineOptions { Folder = _folder, Shards = 2 }, _time);
        _host = await GatewayHost.StartAsync(_grid, time: _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _grid.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Payments))]
    public async Task A_payment_at_fault_is_refused_by_its_field_and_changes_nothing(string payment, string field)
    {
        await _host.PostAsync("/v1/decisions/authorize", """{"transaction_id":"before","at":"2025-07-25T11:00:00Z","card":"4242","terminal":"77","amount":10}""");
        var before = await FeaturesAsync();

        var decided = await _host.PostAsync("/v1/decisions/authorize", payment);
        var observed = await _host.PostAsync("/v1/events/transaction", payment);
        var (_, streamed) = await _host.PostAsync("/v1/events/transaction", payment + "\n", "application/x-ndjson");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (decided.Status, observed.Status));
        Assert.Equal((field, field, field), ((string)decided.Body["field"]!, (string)observed.Body["field"]!, (string)streamed["rejected"]![0]!["field"]!));
        Assert.All(new[] { decided.Body, observed.Body, streamed["rejected"]![0]! }, one => Assert.NotEqual("", (string)one["expected"]!));
        Assert.Equal(before, await FeaturesAsync());
    }

    [Fact]
    public async Task A_decision_counts_its_own_payment_and_is_the_same_when_it_is_asked_for_again()
    {
        var first = await _host.PostAsync("/v1/decisions/authorize", DecisionTests.Payment);
        var again = await _host.PostAsync("/v1/decisions/authorize", DecisionTests.Payment);
        var found = await _host.GetAsync("/v1/decisions/" + (string)first.Body["decision_id"]!);

        Assert.Equal(1, (double)first.Body["features"]!.AsArray().Single(one => (string)one!["name"]! == "card.tx_count_1d")!["value"]!);
        Assert.False((bool)first.Body["duplicate"]!);
        Assert.True((bool)again.Body["duplicate"]!);
        again.Body["duplicate"] = false;
        Assert.Equal(first.Body.ToJsonString(), again.Body.ToJsonString());
        Assert.Equal(first.Body.ToJsonString(), found.Body.ToJsonString());
    }

    [Fact]
    public async Task A_stream_is_counted_once_however_often_it_is_sent()
    {
        var lines = string.Concat(Enumerable.Range(0, 3_000).Select(i => $$"""{"transaction_id":"s-{{i}}","at":"2025-07-25T12:00:00Z","card":"{{i % 7}}","terminal":"77","amount":2.50}""" + "\n"));

        var (_, first) = await _host.PostAsync("/v1/events/transaction", lines, "application/x-ndjson");
        var (_, again) = await _host.PostAsync("/v1/events/transaction", lines, "application/x-ndjson");
        var (_, features) = await _host.GetAsync("/v1/entities/card/3/features?at=2025-07-25T12:00:00Z");

        Assert.Equal((3_000, 0), ((int)first["accepted"]!, (int)first["duplicates"]!));
        Assert.Equal((0, 3_000), ((int)again["accepted"]!, (int)again["duplicates"]!));
        Assert.Equal(Enumerable.Range(0, 3_000).Count(i => i % 7 == 3), (double)Value(features, "tx_count_1d")!);
        Assert.Equal(2.5, (double)Value(features, "amount_mean_30d")!);
    }

    [Fact]
    public async Task Reused_id_of_another_card_is_a_conflict_at_every_address()
    {
        const string CardB = """{"transaction_id":"1001","at":"2025-07-25T12:00:00Z","card":"cardB","terminal":"77","amount":900}""";
        var card4242 = CardB.Replace("cardB", "4242", StringComparison.Ordinal).Replace("900", "10", StringComparison.Ordinal);
        await _host.PostAsync("/v1/decisions/authorize", card4242);
        var before = await FeaturesAsync();

        foreach (var checkpoint in new[] { false, true })
        {
            if (checkpoint)
            {
                await _grid.CheckpointAsync(TestContext.Current.CancellationToken);
            }

            var decided = await _host.PostAsync("/v1/decisions/authorize", CardB);
            var observed = await _host.PostAsync("/v1/events/transaction", CardB);
            var (status, streamed) = await _host.PostAsync("/v1/events/transaction", CardB + "\n", "application/x-ndjson");

            Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.OK), (decided.Status, observed.Status, status));
            Assert.Equal((0, 0, 1), ((int)streamed["accepted"]!, (int)streamed["duplicates"]!, (int)streamed["rejected_count"]!));
            foreach (var one in new[] { decided.Body, observed.Body, streamed["rejected"]![0]! })
            {
                Assert.Equal(("id_conflict", "transaction_id"), ((string)one["code"]!, (string)one["field"]!));
                Assert.Equal("'1001' again of card 'cardB' with amount 900", (string)one["found"]!);
                Assert.Equal(
                    "a new id, or the content of the earlier transaction of card '4242' with amount 10",
                    (string)one["expected"]!);
            }
        }

        Assert.Equal(before, await FeaturesAsync());
        var (_, card) = await _host.GetAsync("/v1/entities/card/cardB/features?at=2025-07-25T13:00:00Z");
        Assert.Equal(0, (double)Value(card, "tx_count_30d")!);
    }

    private static JsonNode? Value(JsonNode features, string name) =>
        features["features"]!.AsArray().Single(one => ((string)one!["name"]!).EndsWith(name, StringComparison.Ordinal))!["value"];

    private async Task<string> FeaturesAsync()
    {
        var (_, card) = await _host.GetAsync("/v1/entities/card/4242/features?at=2025-07-25T13:00:00Z");
        var (_, terminal) = await _host.GetAsync("/v1/entities/terminal/77/features?at=2025-08-02T13:00:00Z");
        return card.ToJsonString() + terminal.ToJsonString();
    }
}

using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Json;
using Grid.Testing;

namespace Grid.Contract.Tests;

/// <summary>
/// No implementation of <see cref="IGrid"/> rounds: integers keep 64 bits, a score is the shortest decimal of its float, and computed features say how old
/// their parts are. One class per implementation inherits it, and each test starts with an empty grid.
/// </summary>
public abstract class ExactnessContract : IAsyncLifetime
{
    private const string Text = """
        bundle: exact
        version: 1.0.0
        events:
          tx:
            id: tx
            time: at
            fields:
              tx: string
              at: timestamp
              acct: string
              shop: string
              a: number
              device: { type: integer, optional: true }
            keys: { acct: acct, shop: shop }
        entities:
          acct:
            device_last: { last: tx.device, delay: 1ms }
            device_sum: { sum: tx.device }
            count_all: { count: tx, delay: 1ms }
          shop:
            device_max: { max: tx.device, delay: 1ms }
            count_all: { count: tx, delay: 1ms }
        models:
          root: { file: models/sqrt.onnx, input: x, score: p }
          log: { file: models/log.onnx, input: x, score: p }
        decisions:
          judge:
            on: tx
            owner: acct
            features:
              - a
              - same_device: "if(device == acct.device_last, 1, 0)"
              - none: "if(shop.device_max == 9007199254740993 and acct.device_last > 0, 0, 0)"
            model: root
            outputs: { half: "score / 2", next_device: "shop.device_max + 1" }
            policy:
              - decline: "score >= 0.9"
                reason: high
              - approve: "true"
            fallback: { review: no_score }
          echo:
            on: tx
            owner: acct
            features: [device, shop.device_max, acct.device_last]
            model: root
            policy:
              - known: "shop.device_max == 9007199254740993"
              - unknown: "true"
            fallback: { fallen: no_score }

          measure:
            on: tx
            owner: acct
            features: [a, acct.count_all, shop.count_all]
            model: log
            policy:
              - positive: "score > 0"
              - other: "true"
            fallback: { fallen: no_score }

        """;

    private const long Above = 9_007_199_254_740_993; // 2^53 + 1, which no double holds

    private static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);

    private readonly BundleFolder _bundle = new BundleFolder(Text).AddModel("sqrt").AddModel("log");
    private readonly string _data = Directory.CreateTempSubdirectory("grid-exact-").FullName;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IGrid Grid { get; set; } = null!;

    /// <summary>Starts a grid on a bundle; its data may go into a folder that is gone after the test.</summary>
    protected abstract ValueTask<IGrid> StartAsync(Bundle bundle, string data);

    protected abstract ValueTask StopAsync();

    public async ValueTask InitializeAsync() => Grid = await StartAsync(BundleReader.Read(_bundle.Path), _data);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_data, recursive: true);
        _bundle.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Score_of_nine_tenths_passes_a_rule_for_nine_tenths()
    {
        var decision = await Grid.DecideAsync("judge", Tx("t1", Noon, a: 0.81), Cancellation);

        Assert.Equal((0.9, "decline"), (decision.Score, decision.Action));
        Assert.Equal(0.45, decision.Outputs[0].Value);
        Assert.Contains("\"score\":0.9,", JsonOf(decision), StringComparison.Ordinal);
        Assert.Equal(0.9, (await Grid.FindDecisionAsync(decision.Id, Cancellation))!.Score);
    }

    [Theory]
    [InlineData(Above - 1, Above, 0)]
    [InlineData(Above, Above, 1)]
    [InlineData(long.MaxValue, long.MaxValue - 1, 0)]
    [InlineData(long.MinValue, long.MinValue, 1)]
    public async Task Integers_compare_as_equal_only_where_they_are(long before, long now, double same)
    {
        await Grid.IngestAsync(Tx("t1", Noon, device: before), Cancellation);

        var decision = await Grid.DecideAsync("judge", Tx("t2", After(1_000), device: now), Cancellation);

        Assert.Equal(same, decision.Features.Single(feature => feature.Name == "same_device").Value);
    }

    [Theory]
    [InlineData(Above)]
    [InlineData(-Above)]
    [InlineData(long.MaxValue)]
    public async Task Features_of_integers_keep_all_digits(long device)
    {
        await Grid.IngestAsync(Tx("t1", Noon, device: device), Cancellation);

        var features = await Grid.ReadFeaturesAsync(new("acct", "A"), After(1_000), Cancellation);

        Assert.Equal((device, (double)device), (features["device_last"].LargeInteger, features["device_last"].Value));
        Assert.Equal(device, features["device_sum"].LargeInteger);
        Assert.Contains($"\"value\":{device},", System.Text.Encoding.UTF8.GetString(GridJson.Utf8(features, EntityFeaturesJson.Write).Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Integers_of_another_entity_keep_all_digits_in_rules_answers_and_records()
    {
        await Grid.IngestAsync(Tx("t1", Noon, acct: "B", device: Above), Cancellation);

        var decision = await Grid.DecideAsync("echo", Tx("t2", After(1_000), device: -Above), Cancellation);
        var again = await Grid.DecideAsync("echo", Tx("t2", After(1_000), device: -Above), Cancellation);

        Assert.Equal("fallen", decision.Action); // Of such a row the model has no root.
        Assert.Equal([-Above, Above, null], decision.Features.Select(feature => feature.LargeInteger));
        Assert.True(again.Duplicate);
        Assert.Equal(JsonOf(decision), JsonOf(again).Replace("\"duplicate\":true", "\"duplicate\":false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Model_without_a_score_for_zeros_serves_and_such_rows_fall_back()
    {
        var zeros = await Grid.DecideAsync("measure", Tx("t1", Noon, a: 0), Cancellation);
        var scored = await Grid.DecideAsync("measure", Tx("t2", Noon, acct: "B", shop: "T", a: 8), Cancellation);

        Assert.Equal(("fallen", true, double.NaN), (zeros.Action, zeros.Fallback, zeros.Score));
        Assert.Equal(("positive", false), (scored.Action, scored.Fallback));
        Assert.Equal(Math.Log(8), scored.Score, 1e-6);
    }

    [Fact]
    public async Task Integers_stay_exact_in_outputs()
    {
        await Grid.IngestAsync(Tx("t1", Noon, acct: "B", device: Above), Cancellation);

        var decision = await Grid.DecideAsync("judge", Tx("t2", After(1_000), a: 0.25), Cancellation);

        Assert.Equal(Above + 1, decision.Outputs[1].LargeInteger);
        Assert.Contains($"\"next_device\":{Above + 1}", JsonOf(decision), StringComparison.Ordinal);
        Assert.Equal(JsonOf(decision), JsonOf((await Grid.FindDecisionAsync(decision.Id, Cancellation))!));
    }

    [Fact]
    public async Task Computed_features_are_as_old_as_the_oldest_of_their_parts()
    {
        await Grid.IngestAsync(Tx("t1", Noon, acct: "B", device: 1), Cancellation);
        await Grid.IngestAsync(Tx("t2", After(3_000), shop: "T", device: 2), Cancellation);

        var decision = await Grid.DecideAsync("judge", Tx("t3", After(10_000), a: 0.25, device: 2), Cancellation);
        var first = await Grid.DecideAsync("judge", Tx("t4", After(10_000), acct: "C", shop: "U", a: 0.25, device: 2), Cancellation);

        Assert.Equal([0L, 7_000L, 10_000L], decision.Features.Select(feature => feature.AgeMilliseconds));
        Assert.Equal([0L, FeatureReading.NoAge, FeatureReading.NoAge], first.Features.Select(feature => feature.AgeMilliseconds));
    }

    private static string JsonOf(Decision decision) => System.Text.Encoding.UTF8.GetString(GridJson.Utf8(decision, DecisionJson.Write).Span);

    private static EventTime After(long milliseconds) => EventTime.FromUnixMilliseconds(Noon.UnixMilliseconds + milliseconds);

    private static Event Tx(string id, EventTime at, string acct = "A", string shop = "S", double a = 1, long? device = null)
    {
        var made = new Event("tx") { ["tx"] = id, ["at"] = at, ["acct"] = acct, ["shop"] = shop, ["a"] = a };
        if (device is { } number)
        {
            made["device"] = number;
        }

        return made;
    }
}

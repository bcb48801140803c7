using System.Globalization;
using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Testing;

namespace Grid.Contract.Tests;

/// <summary>
/// How every implementation of <see cref="IGrid"/> that takes files of batch features does it, and what it says in its catalogue. One class per implementation inherits
/// it, and each test starts with an empty grid.
/// </summary>
public abstract class BatchContract : IAsyncLifetime
{
    private const string Text = """
        bundle: tastes
        version: 1.0.0
        events:
          visit:
            id: visit
            time: at
            fields: { visit: string, at: timestamp, user: string, shop: string }
            keys: { user: user, shop: shop }
        entities:
          user:
            visits: { count: visit, window: 1d }
            cuisine: { batch: text, max_age: 2d }
            spend: { batch: number, empty: 0 }
            loyal: { batch: boolean, empty: 0 }
          shop:
            stars: { batch: number, empty: 0 }
        models:
          offer: { file: models/logistic.onnx, input: x, score: p }
        decisions:
          offer:
            on: visit
            owner: user
            features: [user.visits, user.spend, shop.stars]
            model: offer
            policy:
              - offer: "user.spend >= 10 and shop.stars >= 4"
                reason: worth_it
              - none: "true"
            fallback: { none: model_unavailable }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-batch-").FullName;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The clock that the grid runs on.</summary>
    protected virtual TimeProvider Time { get; } = new SteppedTime();

    private EventTime Now => EventTime.From(Time.GetUtcNow());

    private IGrid Grid { get; set; } = null!;

    /// <summary>The bundle that the grid is started on.</summary>
    public static Bundle Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        File.Copy(Repository.Model("logistic"), Path.Combine(folder, "models", "logistic.onnx"));
        File.WriteAllText(Path.Combine(folder, "bundle.yaml"), Text);
        return BundleReader.Read(folder);
    }

    /// <summary>Values of users, computed a second before a moment.</summary>
    public static BatchFile Users(EventTime now, IReadOnlyList<string> features, params (string Key, FieldValue[] Values)[] rows)
    {
        var at = EventTime.FromUnixMilliseconds(now.UnixMilliseconds - 1_000);
        return new("user", features, [.. rows.Select(row => new BatchRow(row.Key, at, row.Values))]);
    }

    /// <summary>Has the clock go past a moment.</summary>
    protected virtual Task PassAsync(EventTime moment)
    {
        ((SteppedTime)Time).Reach(EventTime.FromUnixMilliseconds(moment.UnixMilliseconds + 1));
        return Task.CompletedTask;
    }

    /// <summary>Starts a grid on a bundle and on <see cref="Time"/>; its data may go into a folder that is gone after the test.</summary>
    protected abstract ValueTask<IGrid> StartAsync(Bundle bundle, string data);

    protected abstract ValueTask StopAsync();

    public async ValueTask InitializeAsync() => Grid = await StartAsync(Write(Path.Combine(_folder, "bundle")), Path.Combine(_folder, "data"));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_file_is_seen_from_its_moment_on_and_takes_the_place_of_the_one_before()
    {
        var given = Users(Now, ["cuisine", "spend"], ("u1", ["thai", 12.5]), ("u2", [default, 3m]));
        var called = Now;
        var first = await Grid.LoadBatchAsync(given, Cancellation);
        var second = await Grid.LoadBatchAsync(Users(Now, ["cuisine"], ("u2", ["indian"]), ("é /?", ["größe, \"so\""])), Cancellation);

        Assert.True(called < first.SeenFrom && first.SeenFrom < second.SeenFrom);
        Assert.Equal(("user", 2L, given.Rows[0].At, given.Rows[0].At), (first.Kind, first.Rows, first.Oldest, first.Newest));
        Assert.Equal(["cuisine", "spend"], first.Features);
        Assert.True((await ReadAsync("u1", Before(first)))["cuisine"].IsMissing);

        var u1 = await ReadAsync("u1", first.SeenFrom); // Nothing was ever told of it.
        Assert.Equal(("thai", 12.5, 0.0), (u1["cuisine"].Text, u1["spend"].Value, u1["loyal"].Value));
        Assert.Equal(first.SeenFrom.UnixMilliseconds - first.Oldest.UnixMilliseconds, u1["cuisine"].AgeMilliseconds);
        Assert.Equal(FeatureReading.NoAge, u1["loyal"].AgeMilliseconds);

        await PassAsync(second.SeenFrom);
        Assert.Equal("thai", (await ReadAsync("u1", Before(second)))["cuisine"].Text);
        var after = await ReadAsync("u1", second.SeenFrom);
        Assert.True(after["cuisine"].IsMissing); // The newer file does not name it.
        Assert.Equal(12.5, after["spend"].Value); // The newer file says nothing of this feature.
        Assert.Equal("indian", (await ReadAsync("u2", null))["cuisine"].Text);
        Assert.Equal("größe, \"so\"", (await ReadAsync("é /?", null))["cuisine"].Text);
    }

    [Fact]
    public async Task A_decision_reads_what_was_loaded_of_its_owner_and_of_others()
    {
        await Grid.LoadBatchAsync(Users(Now, ["spend"], ("u", [12m])), Cancellation);
        var shops = await Grid.LoadBatchAsync(new("shop", ["stars"], [new("s", EventTime.FromUnixMilliseconds(Now.UnixMilliseconds - 5_000), [4.5])]), Cancellation);

        var before = await Grid.DecideAsync("offer", Visit("v0", EventTime.FromUnixMilliseconds(shops.SeenFrom.UnixMilliseconds - 3_600_000)), Cancellation);
        await PassAsync(shops.SeenFrom);
        var made = await Grid.DecideAsync("offer", Visit("v1", Now), Cancellation);

        Assert.Equal(("none", "offer"), (before.Action, made.Action));
        Assert.Equal([2, 12, 4.5], made.Features.Select(feature => feature.Value));
        Assert.Equal(made.At.UnixMilliseconds - shops.Oldest.UnixMilliseconds, made.Features[2].AgeMilliseconds);
        Assert.Equal(["worth_it"], (await Grid.FindDecisionAsync(made.Id, Cancellation))!.Reasons);
    }

    [Fact]
    public async Task A_value_older_than_its_max_age_is_missing_and_its_age_is_told()
    {
        var computed = EventTime.FromUnixMilliseconds(Now.UnixMilliseconds - (49 * 3_600_000));
        var receipt = await Grid.LoadBatchAsync(new("user", ["cuisine"], [new("u", computed, ["thai"])]), Cancellation);

        var read = (await ReadAsync("u", receipt.SeenFrom))["cuisine"];

        Assert.True(read.IsMissing);
        Assert.InRange(read.AgeMilliseconds, 49 * 3_600_000, 50 * 3_600_000);
    }

    [Fact]
    public async Task Readers_see_all_of_the_old_file_or_all_of_the_new()
    {
        const int Loads = 6, Readers = 24;
        var loaded = Enumerable.Range(0, Loads + 1)
            .Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        await PassAsync((await Grid.LoadBatchAsync(Whole(0), Cancellation)).SeenFrom);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<double>();
            while (!seen.Contains(Loads))
            {
                var at = Now;
                var values = new HashSet<double>();
                for (var user = 0; user < Readers; user++)
                {
                    values.Add((await ReadAsync($"u{user}", at))["spend"].Value);
                }

                var value = Assert.Single(values);
                seen.Add(value);
                loaded[(int)value].TrySetResult();
            }

            return seen;
        })).ToList();

        for (var load = 0; load <= Loads; load++)
        {
            await Task.WhenAny([loaded[load].Task, .. readers]).InTime(); // A reader ends before the last load only where it has failed.
            if (load < Loads)
            {
                await PassAsync((await Grid.LoadBatchAsync(Whole(load + 1), Cancellation)).SeenFrom);
            }
        }

        var all = await Task.WhenAll(readers).InTime();
        Assert.Equal(Enumerable.Range(0, Loads + 1), all.SelectMany(seen => seen).Distinct().Order().Select(value => (int)value));
        Assert.Equal(Loads, (await ReadAsync("u0", null))["spend"].Value);

        BatchFile Whole(int load) => Users(
            Now, ["spend"], [.. Enumerable.Range(0, Readers).Select(user => ($"u{user}", new FieldValue[] { (decimal)load }))]);
    }

    [Fact]
    public async Task A_file_with_one_fault_is_refused_as_a_whole()
    {
        (string Feature, string Value, string Field)[] bad =
            [("spend", "much", "row 2, spend"), ("loyal", "1", "row 2, loyal"), ("visits", "1", "batch feature of 'user'")];
        foreach (var (feature, value, field) in bad)
        {
            var refused = await Assert.ThrowsAsync<GridException>(async () => await Grid.LoadBatchAsync(
                new("user", [feature], [new("u1", Now, [default]), new("u2", Now, [value])]), Cancellation));

            Assert.Equal(field, refused.ValidationError!.Field);
        }

        Assert.All(await Grid.ListFeaturesAsync(Cancellation), entry => Assert.Null(entry.Loaded));
    }

    [Fact]
    public async Task An_entity_twice_a_time_to_come_and_an_unknown_kind_are_refused()
    {
        var later = EventTime.FromUnixMilliseconds(Now.UnixMilliseconds + 3_600_000);

        Assert.Contains("row 2, entity", await FaultAsync(new("user", ["spend"], [new("u1", Now, [1m]), new("u1", Now, [2m])])), StringComparison.Ordinal);
        Assert.Contains("row 1, at", await FaultAsync(new("user", ["spend"], [new("u1", later, [1m])])), StringComparison.Ordinal);
        Assert.Contains("no kind 'usr'", await FaultAsync(new("usr", ["spend"], [])), StringComparison.Ordinal);
        Assert.Contains("cuisine, spend, loyal", await FaultAsync(new("user", [], [])), StringComparison.Ordinal);

        async Task<string> FaultAsync(BatchFile file) => (await Assert.ThrowsAsync<GridException>(async () => await Grid.LoadBatchAsync(file, Cancellation))).Message;
    }

    [Fact]
    public async Task The_last_eight_files_of_the_same_features_are_kept()
    {
        var receipts = new List<BatchReceipt>();
        await Grid.LoadBatchAsync(Users(Now, ["spend"], ("u", [1m])), Cancellation);
        for (var i = 0; i < 10; i++)
        {
            var cuisine = string.Create(CultureInfo.InvariantCulture, $"c{i}");
            receipts.Add(await Grid.LoadBatchAsync(Users(Now, ["cuisine"], ("u", [cuisine])), Cancellation));
        }

        await PassAsync(receipts[9].SeenFrom);
        Assert.True((await ReadAsync("u", receipts[1].SeenFrom))["cuisine"].IsMissing);
        Assert.Equal("c2", (await ReadAsync("u", receipts[2].SeenFrom))["cuisine"].Text);
        Assert.Equal(("c9", 1.0), ((await ReadAsync("u", null))["cuisine"].Text, (await ReadAsync("u", null))["spend"].Value));
    }

    [Fact]
    public async Task The_catalogue_says_the_tier_and_the_contract_of_each_feature_and_measures_reads_of_those_that_are_there()
    {
        for (var i = 0; i < 48; i++)
        {
            await Grid.IngestAsync(Visit($"v{i}", Now, $"u{i}"), Cancellation);
        }

        var receipt = await Grid.LoadBatchAsync(Users(Now, ["cuisine"], ("u1", ["thai"])), Cancellation);
        await PassAsync(receipt.SeenFrom);

        var listed = await Grid.ListFeaturesAsync(Cancellation);

        Assert.Equal(["user.visits", "user.cuisine", "user.spend", "user.loyal", "shop.stars"], listed.Select(entry => entry.Name));
        var (visits, cuisine, spend) = (listed[0], listed[1], listed[2]);
        Assert.Equal((FeatureTier.Streaming, "user", 86_400_000L, null), (visits.Tier, visits.Owner, visits.WindowMilliseconds, visits.Loaded));
        Assert.Equal((FeatureTier.Batch, null, 2 * 86_400_000L), (cuisine.Tier, cuisine.WindowMilliseconds, cuisine.MaxAgeMilliseconds));
        Assert.Equal((1L, receipt.SeenFrom, receipt.Oldest), (cuisine.Loaded!.Rows, cuisine.Loaded.SeenFrom, cuisine.Loaded.Newest));
        Assert.Null(spend.Loaded);
        Assert.True(visits.Nanoseconds >= 0); // Not NaN: it was measured.
    }

    private static EventTime Before(BatchReceipt receipt) => EventTime.FromUnixMilliseconds(receipt.SeenFrom.UnixMilliseconds - 1);

    private static Event Visit(string id, EventTime at, string user = "u") => new("visit") { ["visit"] = id, ["at"] = at, ["user"] = user, ["shop"] = "s" };

    private ValueTask<EntityFeatures> ReadAsync(string user, EventTime? at) => Grid.ReadFeaturesAsync(new("user", user), at, Cancellation);
}

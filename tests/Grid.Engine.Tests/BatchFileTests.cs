using Grid.Decisions.Definitions;
using Grid.Decisions.Hosting;

namespace Grid.Engine.Tests;

/// <summary>Files of batch features: seen as a whole, on disk as a whole, refused as a whole.</summary>
public sealed class BatchFileTests
{
    private const string Yaml = """
        bundle: tastes
        version: 1.0.0
        events:
          order:
            id: order
            time: at
            fields: { order: string, at: timestamp, user: string }
            keys: { user: user }
        entities:
          user:
            orders: { count: order, window: 1d }
            cuisine: { batch: text, max_age: 2d }
            spend: { batch: number }
            loyal: { batch: boolean, empty: 0 }
        """;

    // Nanoseconds of one run where all eight rounds take a millisecond: over the one entity there is, and over as many as are read at most.
    private const double ReadCost = 1e6 / 8;
    private const double ExpressionCost = 1e6 / (8 * FeatureCosts.Entities);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task A_file_takes_the_place_of_the_one_before_and_is_there_after_a_crash()
    {
        using var folder = new TestFolder();
        BatchReceipt first, second;
        await using (var grid = Open(folder))
        {
            first = await grid.LoadBatchAsync(File(["cuisine", "spend"], ("u1", ["thai", 12.5]), ("u2", [default, 3m])), default);
            second = await grid.LoadBatchAsync(File(["cuisine"], ("u2", ["indian"]), ("é /?", ["größe, \"so\""])), default);
            Assert.True(first.SeenFrom < second.SeenFrom);
            Assert.Equal((2, first.Oldest), (first.Rows, first.Newest));
            await CompareAsync(grid);
            grid.Abandon();
        }

        await using var again = Open(folder);
        await CompareAsync(again);

        async Task CompareAsync(EmbeddedGrid grid)
        {
            var before = EventTime.FromUnixMilliseconds(first.SeenFrom.UnixMilliseconds - 1);
            Assert.True((await ReadAsync(grid, "u1", before))["cuisine"].IsMissing);

            var u1 = await ReadAsync(grid, "u1", first.SeenFrom);
            Assert.Equal(("thai", 12.5, 0.0), (u1["cuisine"].Text, u1["spend"].Value, u1["loyal"].Value));
            Assert.Equal(first.SeenFrom.UnixMilliseconds - first.Oldest.UnixMilliseconds, u1["cuisine"].AgeMilliseconds);
            Assert.Equal(FeatureReading.NoAge, u1["loyal"].AgeMilliseconds);

            Assert.Equal("thai", (await ReadAsync(grid, "u1", EventTime.FromUnixMilliseconds(second.SeenFrom.UnixMilliseconds - 1)))["cuisine"].Text);
            var after = await ReadAsync(grid, "u1", second.SeenFrom);
            Assert.True(after["cuisine"].IsMissing); // The newer file does not name it.
            Assert.Equal(12.5, after["spend"].Value); // The newer file says nothing of this feature.
            Assert.Equal("indian", (await ReadAsync(grid, "u2", second.SeenFrom))["cuisine"].Text);
            Assert.Equal("größe, \"so\"", (await ReadAsync(grid, "é /?", second.SeenFrom))["cuisine"].Text);
        }
    }

    [Fact]
    public async Task A_file_of_the_past_is_seen_from_when_it_was_seen_then()
    {
        using var folder = new TestFolder();
        var (one, two) = (Moment(1_000_000), Moment(2_000_000));
        await using (var grid = Open(folder))
        {
            Assert.Equal(one, (await grid.LoadBatchAsync(Past("thai", 900_000), one, default)).SeenFrom);
            await grid.LoadBatchAsync(Past("indian", 1_900_000), two, default);

            Assert.Contains("after 1970-01-01T00:33:20", await FaultAsync(grid, Past("greek", 1_500_000), two), StringComparison.Ordinal);
            Assert.Contains("row 1, at", await FaultAsync(grid, Past("greek", 3_000_001), Moment(3_000_000)), StringComparison.Ordinal);
        }

        await using var again = Open(folder);
        Assert.True((await ReadAsync(again, "u", Moment(999_999)))["cuisine"].IsMissing);
        Assert.Equal("thai", (await ReadAsync(again, "u", one))["cuisine"].Text);
        Assert.Equal("thai", (await ReadAsync(again, "u", Moment(1_999_999)))["cuisine"].Text);
        Assert.Equal(("indian", 100_000), ((await ReadAsync(again, "u", two))["cuisine"].Text, (await ReadAsync(again, "u", two))["cuisine"].AgeMilliseconds));

        static EventTime Moment(long milliseconds) => EventTime.FromUnixMilliseconds(milliseconds);

        static BatchFile Past(string cuisine, long computed) => new("user", ["cuisine"], [new("u", Moment(computed), [cuisine])]);

        static async Task<string> FaultAsync(EmbeddedGrid grid, BatchFile file, EventTime seenFrom) =>
            (await Assert.ThrowsAsync<GridException>(async () => await grid.LoadBatchAsync(file, seenFrom, default))).Message;
    }

    [Fact]
    public async Task Readers_see_all_of_the_old_file_or_all_of_the_new()
    {
        const int Loads = 12, Users = 40;
        using var folder = new TestFolder();
        await using var grid = Open(folder);
        var loaded = Enumerable.Range(0, Loads + 1)
            .Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        _time.Reach((await grid.LoadBatchAsync(Whole(0), default)).SeenFrom);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<double>();
            while (!seen.Contains(Loads))
            {
                var at = _time.Now;
                var values = new HashSet<double>();
                for (var user = 0; user < Users; user++)
                {
                    values.Add((await ReadAsync(grid, $"u{user}", at))["spend"].Value);
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
                _time.Reach((await grid.LoadBatchAsync(Whole(load + 1), default)).SeenFrom);
            }
        }

        var all = await Task.WhenAll(readers).InTime();
        Assert.Equal(Enumerable.Range(0, Loads + 1), all.SelectMany(seen => seen).Distinct().Order().Select(value => (int)value));

        BatchFile Whole(int load) => File(
            ["spend"], [.. Enumerable.Range(0, Users).Select(user => ($"u{user}", new FieldValue[] { (decimal)load }))]);
    }

    [Theory]
    [InlineData("spend", "much", "row 2, spend")]
    [InlineData("loyal", "1", "row 2, loyal")]
    [InlineData("orders", "1", "batch feature of 'user'")]
    public async Task A_file_with_one_fault_is_refused_as_a_whole(string feature, string value, string field)
    {
        using var folder = new TestFolder();
        await using var grid = Open(folder);

        var refused = await Assert.ThrowsAsync<GridException>(async () => await grid.LoadBatchAsync(
            new("user", [feature], [new("u1", _time.Now, [default]), new("u2", _time.Now, [value])]), default));

        Assert.Equal(field, refused.ValidationError!.Field);
        Assert.Empty(grid.Core.Loaded.Files);
    }

    [Fact]
    public async Task An_entity_twice_a_time_to_come_and_an_unknown_kind_are_refused()
    {
        using var folder = new TestFolder();
        await using var grid = Open(folder);
        var later = EventTime.From(_time.GetUtcNow() + Hour);
        var row = new BatchRow("u1", _time.Now, []);

        Assert.Contains("row 2, entity", await FaultAsync(new("user", ["spend"], [row, row])), StringComparison.Ordinal);
        Assert.Contains("row 1, at", await FaultAsync(new("user", ["spend"], [new("u1", later, [])])), StringComparison.Ordinal);
        Assert.Contains("no kind 'usr'", await FaultAsync(new("usr", ["spend"], [])), StringComparison.Ordinal);
        Assert.Contains("cuisine, spend, loyal", await FaultAsync(new("user", [], [])), StringComparison.Ordinal);

        async Task<string> FaultAsync(BatchFile file) => (await Assert.ThrowsAsync<GridException>(async () => await grid.LoadBatchAsync(file, default))).Message;
    }

    [Fact]
    public async Task A_file_that_the_disk_kept_waiting_past_its_moment_gets_a_later_one_and_is_there_once()
    {
        using var folder = new TestFolder();
        EventTime before;
        BatchReceipt receipt;
        _time.AutoAdvanceAmount = TimeSpan.FromSeconds(2); // Whenever it is looked at, as if the disk had taken so long.
        await using (var grid = Open(folder))
        {
            before = _time.Now;
            receipt = await grid.LoadBatchAsync(File(["cuisine"], ("u1", ["thai"])), default);
            Assert.Equal(1, await CountAsync(grid));
        }

        Assert.True(receipt.SeenFrom.UnixMilliseconds > before.UnixMilliseconds + 4_000); // One second ahead was over when it was written.
        await using var again = Open(folder);
        Assert.Equal(receipt.SeenFrom, Assert.Single(again.Core.Loaded.Files).Known);
        Assert.True((await ReadAsync(again, "u1", EventTime.FromUnixMilliseconds(receipt.SeenFrom.UnixMilliseconds - 1)))["cuisine"].IsMissing);
    }

    [Fact]
    public async Task The_last_eight_files_of_the_same_features_are_kept_in_memory_and_on_disk()
    {
        using var folder = new TestFolder();
        var receipts = new List<BatchReceipt>();
        await using (var grid = Open(folder))
        {
            await grid.LoadBatchAsync(File(["spend"], ("u", [1m])), default);
            for (var i = 0; i < 10; i++)
            {
                receipts.Add(await grid.LoadBatchAsync(File(["cuisine"], ("u", [$"c{i}"])), default));
            }

            Assert.Equal(9, await CountAsync(grid));
        }

        await using var again = Open(folder);
        Assert.Equal(9, again.Core.Loaded.Files.Count);
        Assert.True((await ReadAsync(again, "u", receipts[1].SeenFrom))["cuisine"].IsMissing);
        Assert.Equal("c2", (await ReadAsync(again, "u", receipts[2].SeenFrom))["cuisine"].Text);
        Assert.Equal(("c9", 1.0), ((await ReadAsync(again, "u", receipts[9].SeenFrom))["cuisine"].Text, (await ReadAsync(again, "u", receipts[9].SeenFrom))["spend"].Value));
    }

    [Fact]
    public async Task A_file_that_is_corrupt_on_disk_is_told_at_the_start()
    {
        using var folder = new TestFolder();
        await using (var grid = Open(folder))
        {
            await grid.LoadBatchAsync(File(["cuisine"], ("u1", ["thai"])), default);
            await grid.WriteAsync(database => database.Run("UPDATE files SET body = CAST(replace(CAST(body AS TEXT), 'thai', 'tofu') AS BLOB)"));
        }

        var told = Assert.Throws<JournalException>(() => Open(folder));

        Assert.Contains("batch file of user", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_changed_bundle_has_no_more_is_left_out_of_a_stored_file_and_the_rest_is_read()
    {
        using var folder = new TestFolder();
        BatchReceipt receipt;
        await using (var grid = Open(folder))
        {
            receipt = await grid.LoadBatchAsync(File(["spend", "cuisine", "loyal"], ("u1", [12.5, "thai", true]), ("u2", [default, default, default]), ("u3", [default, "pizza"])), default);
            await grid.LoadBatchAsync(File(["spend"], ("u1", [3m])), default);
        }

        var changed = Yaml.Replace("    spend: { batch: number }\n", "", StringComparison.Ordinal).Replace("loyal: { batch: boolean", "loyal: { batch: number", StringComparison.Ordinal);
        await using var again = Open(folder, changed);

        Assert.Single(again.Core.Loaded.Files); // Of the second one nothing is left.
        var u1 = await ReadAsync(again, "u1", receipt.SeenFrom);
        Assert.Equal(("thai", 0.0), (u1["cuisine"].Text, u1["loyal"].Value)); // A boolean is no number: it reads as if nothing had been loaded.
        Assert.True((await ReadAsync(again, "u2", receipt.SeenFrom))["cuisine"].IsMissing);
        Assert.Equal("pizza", (await ReadAsync(again, "u3", receipt.SeenFrom))["cuisine"].Text);
    }

    [Fact]
    public async Task The_catalogue_measures_expressions_over_candidates_too()
    {
        using var folder = new TestFolder();
        await using var grid = EmbeddedGrid.Open(BundleReader.Read(Repository.Bundle("eats")), folder.Options(), new CountingTime());

        var match = (await grid.ListFeaturesAsync(default)).Single(entry => entry.Name == "rank.favourite_match");

        Assert.Equal((FeatureTier.OnDemand, "cuisine = user.favourite_cuisine"), (match.Tier, match.Definition));
        Assert.Equal(ExpressionCost, match.Nanoseconds);
    }

    [Fact]
    public async Task The_catalogue_says_the_tier_and_the_contract_of_each_feature()
    {
        using var folder = new TestFolder();
        await using var grid = Open(folder);
        await grid.IngestAsync(new("order") { ["order"] = "1", ["at"] = _time.Now, ["user"] = "u1" }, default);
        var receipt = await grid.LoadBatchAsync(File(["cuisine"], ("u1", ["thai"])), default);
        _time.Reach(receipt.SeenFrom);

        var entries = (await grid.ListFeaturesAsync(default)).ToDictionary(entry => entry.Name);

        var (orders, cuisine, spend) = (entries["user.orders"], entries["user.cuisine"], entries["user.spend"]);
        Assert.Equal((FeatureTier.Streaming, "user", 86_400_000L, null), (orders.Tier, orders.Owner, orders.WindowMilliseconds, orders.Loaded));
        Assert.Equal((FeatureTier.Batch, 2 * 86_400_000L), (cuisine.Tier, cuisine.MaxAgeMilliseconds));
        Assert.Equal((1L, receipt.SeenFrom), (cuisine.Loaded!.Rows, cuisine.Loaded.SeenFrom));
        Assert.Null(spend.Loaded);

        using var other = new TestFolder();
        await using var fraud = Fraud.Open(other, time: _time);
        var night = (await fraud.ListFeaturesAsync(default)).Single(entry => entry.Name == "authorize.is_night");
        Assert.Equal((FeatureTier.OnDemand, "authorize", "hour(at) <= 6"), (night.Tier, night.Owner, night.Definition));
    }

    [Fact]
    public async Task The_catalogue_measures_each_read_by_itself()
    {
        using var folder = new TestFolder();
        var time = new CountingTime();
        await using var grid = Open(folder, time: time);
        var unread = await grid.ListFeaturesAsync(default);
        Assert.All(unread, entry => Assert.Equal(double.NaN, entry.Nanoseconds)); // There is nobody to read of.
        await grid.IngestAsync(new("order") { ["order"] = "1", ["at"] = time.Now, ["user"] = "u1" }, default);

        var entries = await grid.ListFeaturesAsync(default);

        Assert.All(entries, entry => Assert.Equal(ReadCost, entry.Nanoseconds));
    }

    private BatchFile File(IReadOnlyList<string> features, params (string Key, FieldValue[] Values)[] rows)
    {
        var at = EventTime.FromUnixMilliseconds(_time.Now.UnixMilliseconds - 1_000);
        return new("user", features, [.. rows.Select(row => new BatchRow(row.Key, at, row.Values))]);
    }

    private static ValueTask<EntityFeatures> ReadAsync(EmbeddedGrid grid, string user, EventTime at) => grid.ReadFeaturesAsync(new("user", user), at, default);

    private static async Task<long> CountAsync(EmbeddedGrid grid)
    {
        var count = 0L;
        await grid.WriteAsync(database =>
        {
            using var command = database.Prepare("SELECT count(*) FROM files", 0);
            count = (long)command.ExecuteScalar()!;
        });
        return count;
    }

    private EmbeddedGrid Open(TestFolder folder, string yaml = Yaml, TimeProvider? time = null)
    {
        using var bundle = new BundleFolder(yaml);
        return EmbeddedGrid.Open(BundleReader.Read(bundle.Path), folder.Options(), time ?? _time);
    }
}

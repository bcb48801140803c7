using System.Globalization;
using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>What entities hear of from others is counted once, whenever it is written down and however often it is told.</summary>
public sealed class HearingTests(PostgresFixture postgres)
{
    /// <summary>A bundle with a kind that takes in events of its own and hears of others'.</summary>
    private const string Both = """
        bundle: both
        version: 1.0.0
        events:
          visit:
            id: visit_id
            time: at
            fields: { visit_id: string, at: timestamp, user: string, restaurant: string }
            keys: { user: user, restaurant: restaurant }
          opened:
            id: opened_id
            time: at
            fields: { opened_id: string, at: timestamp, restaurant: string }
            keys: { restaurant: restaurant }
        entities:
          user:
            visits_1h: { count: visit, window: 1h }
          restaurant:
            visits_1h: { count: visit, window: 1h }
            openings_1h: { count: opened, window: 1h }

        """;

    private static readonly EntityId Terminal = new("terminal", "t-9");
    private static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);
    private static readonly EventTime Later = EventTime.FromUnixMilliseconds(Noon.UnixMilliseconds + (8 * 86_400_000L));

    [Fact]
    public async Task What_was_not_written_down_comes_from_the_inbox_labels_after_their_events_and_a_silo_that_was_given_up_writes_none_of_it_twice()
    {
        var database = await postgres.MakeDatabaseAsync();
        await using (var givenUp = await StartAsync(database))
        {
            await DecideAsync(givenUp, 10);
            await Retry.Async(() => givenUp.Grid.IngestAsync(Report("t3"), default));
            Assert.Equal((10, 1 / 10.0), await TerminalAsync(givenUp));
            await OtherSilo.WriteAsync(database, new("card", "b"), 1, Payment("b1", "b"), Terminal); // Nobody is told of it.
            Assert.Equal(12, (await InboxAsync(database)).Count);

            await using (var after = await StartAsync(database))
            {
                Assert.Equal((11, 1 / 11.0), await TerminalAsync(after));
            }

            Assert.Empty(await InboxAsync(database));
            Assert.Equal((10, 1 / 10.0), await TerminalAsync(givenUp)); // It does not know yet.
        }

        await using var last = await StartAsync(database);
        Assert.Equal((11, 1 / 11.0), await TerminalAsync(last));
    }

    [Fact]
    public async Task A_snapshot_of_one_that_takes_in_and_hears_holds_nothing_that_the_inbox_would_give_again()
    {
        var database = await postgres.MakeDatabaseAsync();
        using var bundle = new BundleFolder(Both);
        await using var before = await StartAsync(database, snapshotEvery: 4, bundle: BundleReader.Read(bundle.Path));
        for (var i = 0; i < 10; i++)
        {
            await Retry.Async(() => before.Grid.IngestAsync(Visit($"v{i}", "visit_id", ("user", "u"), ("restaurant", "r")), default));
            await Retry.Async(() => before.Grid.IngestAsync(Visit($"o{i}", "opened_id", ("restaurant", "r")), default));
        }

        await using var log = await OtherSilo.OpenAsync(database);
        Assert.InRange((await log.ReadAsync(new("restaurant", "r"), default)).SnapshotVersion, 8, 20); // Each goes with the row after it.
        await using var after = await StartAsync(database, snapshotEvery: 4, bundle: BundleReader.Read(bundle.Path)); // The first one lives on, and has written nothing down for the other's sake.
        var read = await Retry.Async(() => after.Grid.ReadFeaturesAsync(new("restaurant", "r"), Noon, default));
        Assert.Equal((10, 10), (read["visits_1h"].Value, read["openings_1h"].Value));
    }

    [Fact]
    public async Task A_cluster_that_stops_in_peace_leaves_no_inbox_and_has_everything_in_rows()
    {
        var database = await postgres.MakeDatabaseAsync();
        await using (var before = await StartAsync(database, snapshotEvery: 4))
        {
            await DecideAsync(before, 150);
            await Retry.Async(() => before.Grid.IngestAsync(Report("t3"), default));
            Assert.Equal((150, 1 / 150.0), await TerminalAsync(before));
        }

        Assert.Empty(await InboxAsync(database));
        await using (var log = await OtherSilo.OpenAsync(database))
        {
            Assert.InRange((await log.ReadWholeAsync(Terminal, default)).Rows.Count, 3, 20); // Not one for each payment.
        }

        await using var after = await StartAsync(database);
        Assert.Equal((150, 1 / 150.0), await TerminalAsync(after));
    }

    [Fact]
    public async Task What_is_told_again_counts_once_before_it_is_written_down_and_afterwards()
    {
        var database = await postgres.MakeDatabaseAsync();
        await using var test = await StartAsync(database);
        await DecideAsync(test, 3);
        var told = await OtherSilo.WriteAsync(database, new("card", "b"), 1, Payment("b1", "b"), Terminal);
        var terminal = test.PeerOf(Terminal);

        await terminal.HearAsync(told, default);
        await terminal.HearAsync(told, default);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => terminal.HearAsync(told, default)));
        Assert.Equal((4, 0), await TerminalAsync(test));

        await terminal.HearInboxAsync(default);
        Assert.Null(await GrainIds.GrainOf(test.Cluster.Client, Terminal).FindDecisionAsync(1, default)); // The row that it is written down in: durable once it was looked for.
        Assert.Empty(await InboxAsync(database));
        await terminal.HearAsync(told, default);
        Assert.Equal((4, 0), await TerminalAsync(test));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_event_in_rows_of_two_cards_is_heard_once_at_work_and_at_the_start(bool atStart)
    {
        var database = await postgres.MakeDatabaseAsync();
        await using (var first = await StartAsync(database))
        {
            await DecideAsync(first, 3);
            if (!atStart)
            {
                Assert.Equal((3, 0), await TerminalAsync(first));
                var told = await OtherSilo.WriteAsync(database, new("card", "b"), 1, Payment("t2", "a"), Terminal);
                await first.PeerOf(Terminal).HearAsync(told, default);
                Assert.Equal((3, 0), await TerminalAsync(first));
                await first.PeerOf(Terminal).HearInboxAsync(default);
            }
        }

        if (atStart)
        {
            // The second event of card c is told after one that has to be looked up; it must not be lost with it.
            await OtherSilo.WriteAsync(database, new("card", "b"), 1, Payment("t2", "a"), Terminal);
            await OtherSilo.WriteAsync(database, new("card", "c"), 1, Payment("c1", "c"), Terminal);
            await OtherSilo.WriteAsync(database, new("card", "d"), 1, Payment("c1", "c"), Terminal);
            await OtherSilo.WriteAsync(database, new("card", "d"), 2, Payment("d2", "d"), Terminal);
        }

        await using (var second = await StartAsync(database))
        {
            Assert.Equal((atStart ? 5 : 3, 0), await TerminalAsync(second));
            await second.PeerOf(Terminal).HearInboxAsync(default);
        }

        Assert.Empty(await InboxAsync(database));
        await using var third = await StartAsync(database);
        Assert.Equal((atStart ? 5 : 3, 0), await TerminalAsync(third));
    }

    /// <summary>A cluster whose clock stands still: nothing is written down by it, and nobody is told again.</summary>
    private static Task<TestGrid> StartAsync(string database, int snapshotEvery = 64, Bundle? bundle = null) => TestGrid.StartAsync(
        options => (options.Storage, options.ConnectionString, options.SnapshotEvery) = (StorageKind.Log, database, snapshotEvery),
        bundle,
        time: TestClock.New());

    private static Event Visit(string id, string idField, params (string Field, string Key)[] keys)
    {
        var made = new Event(idField[..^3]) { [idField] = id, ["at"] = Noon };
        foreach (var (field, key) in keys)
        {
            made[field] = key;
        }

        return made;
    }

    private static async Task DecideAsync(TestGrid test, int payments)
    {
        for (var i = 1; i <= payments; i++)
        {
            await Retry.Async(() => test.Grid.DecideAsync("authorize", Payment("t" + i.ToString(CultureInfo.InvariantCulture), "a"), default));
        }
    }

    private static async Task<IReadOnlyList<Postgres.LogEntry>> InboxAsync(string database)
    {
        await using var log = await OtherSilo.OpenAsync(database);
        return await log.ReadInboxAsync(Terminal, default);
    }

    private static async Task<(double Count, double Risk)> TerminalAsync(TestGrid test)
    {
        var features = await Retry.Async(() => test.Grid.ReadFeaturesAsync(Terminal, Later, default));
        return (features["tx_count_7d"].Value, features["risk_7d"].Value);
    }

    private static Event Payment(string id, string card) => new("transaction")
    {
        ["transaction_id"] = id,
        ["at"] = Noon,
        ["card"] = card,
        ["terminal"] = Terminal.Key,
        ["amount"] = 20,
    };

    private static Event Report(string id) => new("fraud_report") { ["transaction_id"] = id, ["at"] = Noon, ["is_fraud"] = true };
}

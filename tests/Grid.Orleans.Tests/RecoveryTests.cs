using System.Globalization;
using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Orleans.Tests;

/// <summary>What is in the log comes back, whoever wrote it; what is not does not stay in memory.</summary>
public sealed class RecoveryTests(PostgresFixture postgres)
{
    private const int Swept = 4003;

    private static readonly EntityId Terminal = new("terminal", "t-9");
    private static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);
    private static readonly EventTime Later = EventTime.FromUnixMilliseconds(Noon.UnixMilliseconds + (8 * 86_400_000L));

    [Fact]
    public async Task A_cluster_that_starts_again_has_everything()
    {
        var database = await postgres.MakeDatabaseAsync();
        Decision first;
        await using (var before = await StartAsync(database))
        {
            first = await Retry.Async(() => before.Grid.DecideAsync("authorize", Payment("t1"), default));
            for (var i = 2; i <= 20; i++)
            {
                await Retry.Async(() => before.Grid.DecideAsync("authorize", Payment($"t{i}"), default));
            }

            await Retry.Async(() => before.Grid.IngestAsync(Report("t1"), default));
            await Retry.Async(() => before.Grid.IngestAsync(Report("t21"), default));
        }

        await using var after = await StartAsync(database);
        var again = await Retry.Async(() => after.Grid.DecideAsync("authorize", Payment("t1"), default));
        var found = await Retry.Async(() => after.Grid.FindDecisionAsync(first.Id, default));
        await Retry.Async(() => after.Grid.IngestAsync(Payment("t21"), default));

        Assert.True(again.Duplicate);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(first.Features, found!.Features);
        Assert.Equal(21, await CardAsync(after, "tx_count_1d"));
        Assert.Equal(2 / 21.0, await TerminalAsync(after, "risk_7d"), 1e-12);
    }

    [Fact]
    public async Task A_row_that_another_activation_wrote_fences_this_one_which_then_has_both()
    {
        var database = await postgres.MakeDatabaseAsync();
        await using var test = await StartAsync(database);
        await Retry.Async(() => test.Grid.DecideAsync("authorize", Payment("t1"), default));

        await OtherSilo.WriteAsync(database, new("card", "4242"), 2, Payment("t2"));
        var refused = await Record(() => test.Grid.DecideAsync("authorize", Payment("t3"), default));
        var made = await Retry.Async(() => test.Grid.DecideAsync("authorize", Payment("t3"), default));

        Assert.True(refused?.IsTransient);
        Assert.Equal(3, made.Features.Single(feature => feature.Name == "card.tx_count_1d").Value);
        Assert.Equal(3, await CardAsync(test, "tx_count_1d"));
    }

    [Fact]
    public async Task A_row_that_nobody_was_told_of_is_heard_by_the_sweeper_and_counts_once()
    {
        var database = await postgres.MakeDatabaseAsync();
        var (clock, log) = (TestClock.New(), new LogSignal());
        await using var test = await StartAsync(database, time: clock, more: log.Register);
        await Retry.Async(() => test.Grid.DecideAsync("authorize", Payment("t1", card: "other"), default));
        await OtherSilo.WriteAsync(database, new("card", "4242"), 1, Payment("t2"), new EntityId("terminal", "t-9"));
        await postgres.RunAsync(database, "update grid_log.inbox set told = told - interval '1 hour'"); // By the server's clock.
        var before = await TerminalAsync(test, "tx_count_7d");

        clock.Advance(new GridClusterOptions().TellAgainAfter);
        await log.WrittenAsync(Swept);
        var swept = await TerminalAsync(test, "tx_count_7d");
        var repeated = await Retry.Async(() => test.Grid.IngestAsync(Payment("t2"), default));

        Assert.Equal((1, 2), (before, swept));
        Assert.Equal(2, await TerminalAsync(test, "tx_count_7d"));
        Assert.Equal(EventOutcome.Duplicate, repeated.Outcome);
        Assert.Equal(1, await CardAsync(test, "tx_count_1d"));
    }

    [Fact]
    public async Task A_bundle_with_another_window_reads_what_the_old_one_wrote()
    {
        var database = await postgres.MakeDatabaseAsync();
        await using (var before = await StartAsync(database, snapshotEvery: 4))
        {
            for (var i = 1; i <= 10; i++)
            {
                await Retry.Async(() => before.Grid.DecideAsync("authorize", Payment($"t{i}"), default));
            }
        }

        const string Last = "    amount_mean_30d: { mean: transaction.amount, window: 30d }\n";
        using var changed = BundleFolder.Of("fraud").Replace(Last, Last + "    tx_count_60d: { count: transaction, window: 60d }\n");
        await using var after = await StartAsync(database, bundle: BundleReader.Read(changed.Path));
        var made = await Retry.Async(() => after.Grid.DecideAsync("authorize", Payment("t11"), default));
        var first = await Retry.Async(() => after.Grid.DecideAsync("authorize", Payment("t1"), default));

        Assert.Equal(11, await CardAsync(after, "tx_count_60d"));
        Assert.Equal(11, made.Features.Single(feature => feature.Name == "card.tx_count_1d").Value);
        Assert.True(first.Duplicate);
        Assert.NotEqual(made.Bundle, first.Bundle);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killing_a_silo_under_load_loses_nothing_that_was_acknowledged_and_counts_nothing_twice(int seed)
    {
        var database = await postgres.MakeDatabaseAsync();
        var clock = TestClock.New();
        await using var test = await StartAsync(database, time: clock, silos: 3);
        await TerminalAsync(test, "tx_count_7d");
        var cores = test.OfEachSilo<SiloCore>();
        var killed = test.Cluster.Silos[Array.FindIndex(cores, silo => silo.Local.ContainsKey(Terminal))]; // Every payment is told there.
        var left = test.Cluster.Silos.Where(silo => silo != killed)
            .Select(silo => test.Cluster.GetSiloServiceProvider(silo.SiloAddress)).ToArray();
        var killAfter = new Random(seed).Next(40, 400);
        var acknowledged = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var grid = left[caller % left.Length].GetRequiredService<OrleansGrid>();
            for (var i = 0; i < 60; i++)
            {
                var card = "k" + ((caller + i) % 5).ToString(CultureInfo.InvariantCulture);
                await Retry.Async(
                    () => grid.DecideAsync("authorize", Payment($"p{caller}-{i}", card), default),
                    () => enough.Task.IsCompleted ? dead.Task : Task.CompletedTask);
                if (Interlocked.Increment(ref acknowledged) == killAfter)
                {
                    enough.SetResult();
                }
            }
        })).ToList();

        await enough.Task.InTime();
        await test.Cluster.KillSiloAsync(killed);
        Assert.True(await left[0].GetRequiredService<IClusterMembershipService>().TryKill(killed.SiloAddress)); // As probes do.
        dead.SetResult();
        await Task.WhenAll(callers).InTime();
        clock.Advance(TimeSpan.FromMinutes(1)); // Whoever could not be told is told again, by owners and sweepers, beside the test.
        await Retry.Async(async () =>
        {
            await GrainIds.PeerOf(left[0].GetRequiredService<IGrainFactory>(), Terminal).HearInboxAsync(default);
            return true;
        });

        var counted = 0.0;
        for (var card = 0; card < 5; card++)
        {
            counted += (await Retry.Async(() => test.Grid.ReadFeaturesAsync(new("card", $"k{card}"), Noon, default)))["tx_count_1d"].Value;
        }

        Assert.Equal(480, counted);
        Assert.Equal(480, await TerminalAsync(test, "tx_count_7d"));
    }

    private static Task<TestGrid> StartAsync(
        string database,
        int snapshotEvery = 64,
        Bundle? bundle = null,
        TimeProvider? time = null,
        short silos = 2,
        Action<IServiceCollection>? more = null) => TestGrid.StartAsync(
            options => (options.Storage, options.ConnectionString, options.SnapshotEvery) = (StorageKind.Log, database, snapshotEvery),
            bundle,
            silos,
            time ?? TestClock.New(),
            more);

    private static async Task<GridException?> Record(Func<ValueTask<Decision>> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (GridException e)
        {
            return e;
        }
    }

    private static async Task<double> CardAsync(TestGrid test, string feature) =>
        (await Retry.Async(() => test.Grid.ReadFeaturesAsync(new("card", "4242"), Noon, default)))[feature].Value;

    private static async Task<double> TerminalAsync(TestGrid test, string feature) =>
        (await Retry.Async(() => test.Grid.ReadFeaturesAsync(new("terminal", "t-9"), Later, default)))[feature].Value;

    private static Event Payment(string id, string card = "4242") => new("transaction")
    {
        ["transaction_id"] = id,
        ["at"] = Noon,
        ["card"] = card,
        ["terminal"] = "t-9",
        ["amount"] = 20,
    };

    private static Event Report(string id) => new("fraud_report") { ["transaction_id"] = id, ["at"] = Noon, ["is_fraud"] = true };
}

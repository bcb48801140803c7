using FsCheck;
using FsCheck.Fluent;

namespace Grid.Engine.Tests;

public sealed class RecoveryTests
{
    private static readonly long[] Moments = [5, 500, 3_000, 9_000, (7 * 86400) + 100, (7 * 86400) + 5_000, (8 * 86400) + 9_000];

    private static readonly EntityId[] Entities =
        [.. Enumerable.Range(0, 4).Select(i => new EntityId("card", $"c{i}")), .. Enumerable.Range(0, 3).Select(i => new EntityId("terminal", $"m{i}"))];

    private enum Act
    {
        Decide,
        Observe,
        Report,
        Checkpoint,
        Crash,
        Restart,
    }

    /// <summary>What a payment has another of than is usual for its id.</summary>
    private enum Other
    {
        Nothing,
        Card,
        Time,
    }

    [Fact]
    public void Whatever_came_in_and_however_often_it_crashed_every_feature_is_as_if_it_had_never_stopped()
    {
        // Few ids, cards and terminals: duplicates, ids that come again with another card or time, labels before their events and entities
        // with long tails are then common.
        var acts = from what in Gen.Frequency(
                       (10, Gen.Constant(Act.Decide)),
                       (5, Gen.Constant(Act.Observe)),
                       (5, Gen.Constant(Act.Report)),
                       (1, Gen.Constant(Act.Checkpoint)),
                       (2, Gen.Constant(Act.Crash)),
                       (1, Gen.Constant(Act.Restart)))
                   from id in Gen.Choose(0, 25)
                   from fraud in Gen.Elements(true, false)
                   from other in Gen.Frequency((4, Gen.Constant(Other.Nothing)), (2, Gen.Elements(Other.Card, Other.Time)))
                   from at in Gen.Choose(0, 9_000)
                   select (what, id, fraud, other, at);
        var loads = acts.ArrayOf().Where(load => load.Length > 3);

        Prop.ForAll(loads.ToArbitrary(), load => EqualsItsTwinAsync(load).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(80));
    }

    [Fact]
    public async Task An_idle_entity_is_put_away_and_comes_back_as_it_was()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.MaxResidentEntities = 8);
        for (var i = 0; i < 200; i++)
        {
            await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", $"c{i % 40}", $"m{i % 10}", i), default);
        }

        var entities = Enumerable.Range(0, 40).Select(i => new EntityId("card", $"c{i}")).ToList();
        var before = await Fraud.PortraitAsync(grid, entities, Moments);
        await grid.CheckpointAsync(default); // Saves all of them; they are clean now.
        await grid.CheckpointAsync(default); // Puts away all but a few.
        var resident = grid.ResidentEntities;

        Assert.InRange(resident, 0, 8);
        Assert.Equal(before, await Fraud.PortraitAsync(grid, entities, Moments));
        Assert.Equal(6, (await grid.DecideAsync("authorize", Fraud.Payment("new", "c3", "m1", 300), default)).Features[3].Value);
        Assert.True((await grid.DecideAsync("authorize", Fraud.Payment("t3", "c3", "m3", 3), default)).Duplicate);
    }

    [Fact]
    public async Task Checkpoints_under_load_lose_nothing_and_count_nothing_twice()
    {
        using var folder = new TestFolder();
        const int Callers = 4, Each = 600, Checkpoints = 6;
        var (taken, rounds) = (0, 0);
        var grid = Fraud.Open(folder, options => (options.MaxResidentEntities, options.Durability) = (16, Durability.Received));
        using var done = new CancellationTokenSource();
        var saving = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await grid.CheckpointAsync(default);
                Interlocked.Increment(ref rounds);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < Each || (Volatile.Read(ref rounds) < Checkpoints && !saving.IsCompleted); i++)
            {
                await grid.DecideAsync("authorize", Fraud.Payment($"{caller}-{i}", $"c{i % 61}", $"m{i % 7}", i % Each), default);
                Interlocked.Increment(ref taken);
            }
        })));
        await done.CancelAsync();
        await saving;
        var live = await CountsAsync(grid);
        await grid.Core.Journal.SettleAsync();
        grid.Abandon();

        await using var reopened = Fraud.Open(folder);
        Assert.Equal((taken, taken), live);
        Assert.Equal(live, await CountsAsync(reopened));

        static async Task<(int Cards, int Terminals)> CountsAsync(EmbeddedGrid grid)
        {
            double cards = 0, terminals = 0;
            for (var i = 0; i < 61; i++)
            {
                cards += await Fraud.ReadAsync(grid, "card", $"c{i}", "tx_count_30d", Each);
            }

            for (var i = 0; i < 7; i++)
            {
                terminals += await Fraud.ReadAsync(grid, "terminal", $"m{i}", "tx_count_30d", Each + (7 * 86400));
            }

            return ((int)cards, (int)terminals);
        }
    }

    [Fact]
    public async Task A_checkpoint_of_many_entities_saves_each_of_them_once()
    {
        using var folder = new TestFolder();
        const int Cards = 9_000;
        var grid = Fraud.Open(folder, options => options.Shards = 3);
        foreach (var some in Enumerable.Range(0, 2 * Cards).Chunk(4_096))
        {
            await Task.WhenAll(some.Select(i => grid.IngestAsync(Fraud.Payment($"t{i}", $"ca\u0159d {i % Cards}", $"m{i % 7}", i), default).AsTask()));
        }

        await grid.CheckpointAsync(default);
        var written = await CountAsync(grid);
        grid.Abandon();

        await using var reopened = Fraud.Open(folder, options => options.Shards = 5);
        Assert.Equal(Cards + 7, written);
        Assert.True(reopened.Core.Tail.IsEmpty);
        for (var i = 0; i < Cards; i += 41)
        {
            Assert.Equal(2, await Fraud.ReadAsync(reopened, "card", $"ca\u0159d {i}", "tx_count_30d", 2 * Cards));
        }

        // Nothing has changed since: nothing is saved again.
        await reopened.WriteAsync(database => database.Run("DELETE FROM snapshots"));
        await reopened.CheckpointAsync(default);
        Assert.Equal(0, await CountAsync(reopened));

        static async Task<long> CountAsync(EmbeddedGrid grid)
        {
            var count = 0L;
            await grid.WriteAsync(database =>
            {
                using var ask = database.Prepare("SELECT count(*) FROM snapshots", 0);
                count = (long)ask.ExecuteScalar()!;
            });
            return count;
        }
    }

    [Fact]
    public async Task A_checkpoint_ends_while_no_entity_ever_rests()
    {
        const int Callers = 3;
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.Durability = Durability.Received);
        using var done = new CancellationTokenSource();
        using var taken = new SemaphoreSlim(0);
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                await grid.DecideAsync("authorize", Fraud.Payment($"{caller}-{i}", $"c{i % 3}", $"m{i % 2}", i), default);
                taken.Release();
            }
        })).ToArray();

        for (var i = 0; i < 4; i++)
        {
            // Enough that every card and terminal has changed since the last one, and changes while it is looked at.
            for (var payments = taken.CurrentCount + 50; payments > 0; payments--)
            {
                await taken.WaitAsync().InTime();
            }

            var last = grid.Core.Journal.LastGiven;
            await grid.CheckpointAsync(default);
            long? tail = null;
            await grid.WriteAsync(database => tail = database.ReadMeta(Recovery.TailMeta));

            Assert.True(tail > last, $"The journal would be read from {tail} on, though {last} was taken in before the checkpoint.");
        }

        await done.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task Records_older_than_the_retention_time_are_let_go_and_what_the_windows_need_stays()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.Retention = TimeSpan.FromDays(1));
        const long Day = 86_400;
        var old = await grid.DecideAsync("authorize", Fraud.Payment("old", "c1", "m1", 0), default);
        var kept = await grid.DecideAsync("authorize", Fraud.Payment("kept", "c1", "m1", 80 * Day), default);
        await grid.CheckpointAsync(default);

        await grid.DecideAsync("authorize", Fraud.Payment("new", "c1", "m1", 100 * Day), default);
        await grid.DecideAsync("authorize", Fraud.Payment("newer", "c1", "m1", 600 * Day), default);
        await grid.CheckpointAsync(default);

        Assert.Null(await grid.FindDecisionAsync(old.Id, default));
        Assert.Null(await grid.FindDecisionAsync(kept.Id, default));
        Assert.Single(JournalHistory.Read(folder.Path, Fraud.Bundle), entry => entry.Event["transaction_id"].Text == "newer");
        Assert.True((await grid.DecideAsync("authorize", Fraud.Payment("newer", "c1", "m1", 600 * Day), default)).Duplicate);
    }

    [Fact]
    public async Task However_much_is_old_one_checkpoint_lets_go_of_the_records_and_some_more_of_their_ids()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.Retention = TimeSpan.FromDays(1));
        for (var i = 0; i < 300; i++)
        {
            await grid.DecideAsync("authorize", Fraud.Payment($"old{i}", $"c{i}", "m1", i), default); // Each waits for its commit: a batch of its own.
        }

        await grid.CheckpointAsync(default);
        await grid.DecideAsync("authorize", Fraud.Payment("new", "c1", "m1", 600 * 86_400L), default);
        await grid.CheckpointAsync(default);

        Assert.Equal(["new"], JournalHistory.Read(folder.Path, Fraud.Bundle).Select(entry => entry.Event["transaction_id"].Text!));
        for (var i = 0; i < OldRecords.Parts / OldRecords.PartsAtOnce; i++)
        {
            await grid.CheckpointAsync(default);
        }

        var ids = -1L;
        await grid.WriteAsync(database =>
        {
            using var count = database.Prepare("SELECT count(*) FROM ids", 0);
            ids = (long)count.ExecuteScalar()!;
        });
        Assert.Equal(1, ids);
        Assert.True((await grid.DecideAsync("authorize", Fraud.Payment("new", "c1", "m1", 600 * 86_400L), default)).Duplicate);
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_a_checkpoint_counts_nothing_twice()
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder);
        for (var i = 0; i < 30; i++)
        {
            await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", $"c{i % 3}", "m1", i), default);
        }

        await grid.CheckpointAsync(default);
        await grid.DecideAsync("authorize", Fraud.Payment("t30", "c0", "m1", 30), default);
        await grid.WriteAsync(database => database.WriteMeta(Recovery.TailMeta, 1L)); // Snapshots are written, the tail has not moved yet.
        grid.Abandon();

        await using var reopened = Fraud.Open(folder);
        Assert.Equal(11, await Fraud.ReadAsync(reopened, "card", "c0", "tx_count_30d", 100));
        Assert.Equal(10, await Fraud.ReadAsync(reopened, "card", "c1", "tx_count_30d", 100));
        Assert.Equal(31, await Fraud.ReadAsync(reopened, "terminal", "m1", "tx_count_30d", 100 + (7 * 86400)));
        Assert.True((await reopened.DecideAsync("authorize", Fraud.Payment("t4", "c1", "m1", 4), default)).Duplicate);
    }

    [Fact]
    public async Task Positions_given_out_before_a_crash_are_never_given_out_again()
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder, options => (options.Durability, options.FlushEvery) = (Durability.Received, TimeSpan.FromMinutes(1)));
        var lost = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);
        grid.Abandon();

        await using var reopened = Fraud.Open(folder);
        var kept = await reopened.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);
        await using var _ = reopened;

        Assert.False(kept.Duplicate);
        Assert.Null(await reopened.FindDecisionAsync(lost.Id == kept.Id ? "same" : lost.Id, default));
        Assert.NotEqual(lost.Id, kept.Id);
    }

    private static async Task<bool> EqualsItsTwinAsync((Act What, int Id, bool Fraud, Other Other, int At)[] load)
    {
        var first = new Dictionary<int, Other>();
        using var folder = new TestFolder();
        using var twinFolder = new TestFolder();
        var grid = Fraud.Open(folder);
        await using var twin = Fraud.Open(twinFolder, options => options.Durability = Durability.Received);
        try
        {
            foreach (var (what, id, fraud, other, at) in load)
            {
                var (card, time) = (other == Other.Card ? id + 1 : id, (other == Other.Time ? 1 : 0) + (id * 337));
                var payment = Fraud.Payment($"t{id}", $"c{card % 4}", $"m{id % 3}", time, 1 + id);
                switch (what)
                {
                    case Act.Decide or Act.Observe when first.TryGetValue(id, out var known) && known != other:
                        await IsRefusedAsync(twin, payment);
                        await IsRefusedAsync(grid, payment);
                        break;
                    case Act.Decide:
                        first[id] = other;
                        Same(await twin.DecideAsync("authorize", payment, default), await grid.DecideAsync("authorize", payment, default));
                        break;
                    case Act.Observe:
                        var outcome = first.TryAdd(id, other) ? EventOutcome.Accepted : EventOutcome.Duplicate;
                        Assert.Equal(outcome, (await twin.IngestAsync(payment, default)).Outcome);
                        Assert.Equal(outcome, (await grid.IngestAsync(payment, default)).Outcome);
                        break;
                    case Act.Report:
                        var report = Fraud.Report($"t{id}", at + 9_000, isFraud: fraud);
                        Assert.Equal((await twin.IngestAsync(report, default)).Outcome, (await grid.IngestAsync(report, default)).Outcome);
                        break;
                    case Act.Checkpoint:
                        await grid.CheckpointAsync(default);
                        break;
                    case Act.Crash:
                        grid.Abandon();
                        grid = Fraud.Open(folder, options => options.Shards = 1 + id);
                        break;
                    default:
                        await grid.DisposeAsync();
                        grid = Fraud.Open(folder);
                        break;
                }
            }

            Assert.Equal(await Fraud.PortraitAsync(twin, Entities, Moments), await Fraud.PortraitAsync(grid, Entities, Moments));
            return true;
        }
        finally
        {
            await grid.DisposeAsync();
        }
    }

    private static async Task IsRefusedAsync(EmbeddedGrid grid, Event payment)
    {
        var refused = await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", payment, default));
        Assert.Equal((GridError.IdConflict, GridError.IdConflict), (refused.Error, (await grid.IngestAsync(payment, default)).Error));
    }

    private static void Same(Decision one, Decision other)
    {
        Assert.Equal((one.Action, one.Score, one.Duplicate, one.EventId, one.Owner), (other.Action, other.Score, other.Duplicate, other.EventId, other.Owner));
        Assert.Equal(one.Features, other.Features);
    }
}

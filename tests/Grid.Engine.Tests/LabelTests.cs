namespace Grid.Engine.Tests;

public sealed class LabelTests
{
    private const long Week = 7 * 86400;

    [Fact]
    public async Task A_label_changes_the_risk_of_the_terminal()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);
        await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);
        await grid.DecideAsync("authorize", Fraud.Payment("t2", "c2", "m1", 1), default);

        var receipt = await grid.IngestAsync(Fraud.Report("t1", 100), default);

        Assert.Equal(EventOutcome.Accepted, receipt.Outcome);
        Assert.Equal(0.5, await Fraud.ReadAsync(grid, "terminal", "m1", "risk_1d", Week + 10));
    }

    [Fact]
    public async Task A_label_that_comes_before_its_event_waits_for_it_also_over_a_restart()
    {
        using var folder = new TestFolder();
        await using (var grid = Fraud.Open(folder, options => options.FlushEvery = TimeSpan.FromMinutes(1)))
        {
            Assert.Equal(EventOutcome.Accepted, (await grid.IngestAsync(Fraud.Report("t1", 100), default)).Outcome);
            Assert.Equal(EventOutcome.Accepted, (await grid.IngestAsync(Fraud.Report("t2", 100), default)).Outcome);
            await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);
            Assert.Equal(1, await Fraud.ReadAsync(grid, "terminal", "m1", "risk_1d", Week + 10));
            grid.Abandon();
        }

        await using (var grid = Fraud.Open(folder))
        {
            await grid.CheckpointAsync(default);
            grid.Abandon();
        }

        await using (var grid = Fraud.Open(folder))
        {
            Assert.Equal(1, await Fraud.ReadAsync(grid, "terminal", "m1", "risk_1d", Week + 10));
            await grid.DecideAsync("authorize", Fraud.Payment("t2", "c1", "m2", 0), default);
            Assert.Equal(1, await Fraud.ReadAsync(grid, "terminal", "m2", "risk_1d", Week + 10));
            Assert.Empty(grid.Core.Ids.CollectWaiting());
        }

        await using var again = Fraud.Open(folder);
        Assert.Equal(1, await Fraud.ReadAsync(again, "terminal", "m2", "risk_1d", Week + 10));
        Assert.Empty(again.Core.Ids.CollectWaiting());
    }

    [Fact]
    public async Task The_same_label_again_is_a_duplicate_and_another_one_corrects_it()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);
        await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);

        var first = await grid.IngestAsync(Fraud.Report("t1", 100), default);
        var again = await grid.IngestAsync(Fraud.Report("t1", 100), default);
        var correction = await grid.IngestAsync(Fraud.Report("t1", 200, isFraud: false), default);

        Assert.Equal((EventOutcome.Accepted, EventOutcome.Duplicate, EventOutcome.Accepted), (first.Outcome, again.Outcome, correction.Outcome));
        Assert.Equal(0, await Fraud.ReadAsync(grid, "terminal", "m1", "risk_1d", Week + 10));
    }

    [Fact]
    public async Task A_label_and_its_event_that_race_never_miss_each_other()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.Durability = Durability.Received);
        const int Times = 3_000;
        using var barrier = new Barrier(2);

        var other = new Thread(() =>
        {
            for (var i = 0; i < Times; i++)
            {
                var report = Fraud.Report($"t{i}", 100);
                barrier.SignalAndWait();
                grid.IngestAsync(report, default).AsTask().GetAwaiter().GetResult();
            }
        });
        other.Start();
        for (var i = 0; i < Times; i++)
        {
            var payment = Fraud.Payment($"t{i}", $"c{i % 7}", $"m{i}", 0);
            barrier.SignalAndWait();
            await grid.DecideAsync("authorize", payment, default);
        }

        other.Join();

        for (var i = 0; i < Times; i++)
        {
            Assert.Equal(1, await Fraud.ReadAsync(grid, "terminal", $"m{i}", "risk_1d", Week + 10));
        }
    }
}

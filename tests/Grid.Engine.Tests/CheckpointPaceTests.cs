using System.Diagnostics;

namespace Grid.Engine.Tests;

public sealed class CheckpointPaceTests
{
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(20);

    // Timers wake a little early or late by their own clock.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(4);

    [Fact]
    public async Task After_work_comes_four_times_as_long_a_rest()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);
        var pace = new CheckpointPace(grid.Core);
        await pace.RestAsync();

        var rest = await RestAfterWorkAsync(grid, pace);

        Assert.True(rest >= (4 * Work) - Slack, $"It rested for {rest.TotalMilliseconds} ms.");
    }

    [Fact]
    public async Task What_the_journal_writes_besides_records_counts_as_work()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);
        var pace = new CheckpointPace(grid.Core);
        await pace.RestAsync();
        await grid.WriteAsync(_ => Toil());

        var started = Stopwatch.GetTimestamp();
        await pace.RestAsync();

        Assert.True(Stopwatch.GetElapsedTime(started) >= (4 * Work) - Slack, $"It rested for {Stopwatch.GetElapsedTime(started).TotalMilliseconds} ms.");
    }

    [Fact]
    public async Task It_does_not_rest_while_somebody_waits_or_memory_is_too_full()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.MaxResidentEntities = 4);
        var pace = new CheckpointPace(grid.Core);

        pace.Hurry();
        Assert.True(await ShortestRestAsync(grid, pace) < Work);
        pace.Calm();
        Assert.True(await RestAfterWorkAsync(grid, pace) > Work);
        for (var i = 0; i < 20; i++)
        {
            await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", $"c{i}", "m1", i), default);
        }

        Assert.True(pace.IsCrowded);
        Assert.True(await ShortestRestAsync(grid, pace) < Work);
    }

    [Fact]
    public async Task Checkpoints_one_after_another_leave_the_engine_four_parts_of_five()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.CheckpointEvery = TimeSpan.FromMilliseconds(10));
        var started = Stopwatch.GetTimestamp();
        var before = grid.Core.Journal.OtherWork;
        for (var i = 0; Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(3); i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 64).Select(one => grid.ObserveAsync(
                Fraud.Payment($"t{i}-{one}", $"c{i}-{one}", $"m{one % 5}", i), default).AsTask()));
        }

        var spent = Stopwatch.GetElapsedTime(0, grid.Core.Journal.OtherWork - before);
        var share = spent / Stopwatch.GetElapsedTime(started);

        Assert.InRange(share, 0.001, 0.25); // A fifth, and the last stretch, which is not rested for yet.
    }

    private static void Toil()
    {
        var started = Stopwatch.GetTimestamp();
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(started) >= Work);
    }

    /// <summary>Of several: the machine may hold up one that does not rest.</summary>
    private static async Task<TimeSpan> ShortestRestAsync(EmbeddedGrid grid, CheckpointPace pace)
    {
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < 10 && shortest >= Work; i++)
        {
            var rest = await RestAfterWorkAsync(grid, pace);
            shortest = rest < shortest ? rest : shortest;
        }

        return shortest;
    }

    private static async Task<TimeSpan> RestAfterWorkAsync(EmbeddedGrid grid, CheckpointPace pace)
    {
        await ShardTask.RunAsync(grid.Core.Shards[0], pace.Timed(_ =>
        {
            Toil();
            return false;
        }));
        var started = Stopwatch.GetTimestamp();
        await pace.RestAsync();
        return Stopwatch.GetElapsedTime(started);
    }
}

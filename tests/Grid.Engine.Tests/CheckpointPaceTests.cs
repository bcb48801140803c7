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
        var pace = await RestedAsync(grid);

        var rest = await RestAfterWorkAsync(grid, pace);

        Assert.True(rest >= (4 * Work) - Slack, $"It rested for {rest.TotalMilliseconds} ms.");
    }

    [Fact]
    public async Task What_the_journal_writes_besides_records_counts_as_work()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);
        var pace = await RestedAsync(grid);
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
        Assert.True(await ShortestRestAsync(grid, pace, CrowdAsync) < Work);

        async Task CrowdAsync(int turn)
        {
            for (var i = 0; i < 20; i++)
            {
                await grid.DecideAsync("authorize", Fraud.Payment($"t{turn}-{i}", $"c{turn}-{i}", "m1", i), default);
            }
        }
    }

    [Fact]
    public async Task Checkpoints_one_after_another_leave_the_engine_four_parts_of_five()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.CheckpointEvery = TimeSpan.FromMilliseconds(10));
        const double Most = 0.25; // A fifth, and the last stretch, which is not rested for yet: a long one where the disk stopped for a moment.
        var started = Stopwatch.GetTimestamp();
        var before = grid.Core.Journal.OtherWork;
        var share = 1.0;
        for (var i = 0; Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(3) || (share > Most && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1)); i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 64).Select(one => grid.ObserveAsync(
                Fraud.Payment($"t{i}-{one}", $"c{i}-{one}", $"m{one % 5}", i), default).AsTask()));
            share = Stopwatch.GetElapsedTime(0, grid.Core.Journal.OtherWork - before) / Stopwatch.GetElapsedTime(started);
        }

        Assert.InRange(share, 0.001, Most);
    }

    private static void Toil()
    {
        var started = Stopwatch.GetTimestamp();
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(started) >= Work);
    }

    /// <summary>One that owes no rest, and has not slept longer than it owed, which it would make up for the next time.</summary>
    private static async Task<CheckpointPace> RestedAsync(EmbeddedGrid grid)
    {
        var pace = new CheckpointPace(grid.Core);
        pace.Hurry();
        await pace.RestAsync();
        pace.Calm();
        return pace;
    }

    /// <summary>Of several: the machine may hold up one that does not rest, and the engine puts a crowd away by itself once a second.</summary>
    private static async Task<TimeSpan> ShortestRestAsync(EmbeddedGrid grid, CheckpointPace pace, Func<int, Task>? first = null)
    {
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < 10 && shortest >= Work; i++)
        {
            await (first?.Invoke(i) ?? Task.CompletedTask);
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

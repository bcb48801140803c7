namespace Grid.Engine.Tests;

public sealed class CheckpointPaceTests
{
    private const int Checkpointed = 1008;
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan[] FourTimesWork = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(30)];

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task After_work_comes_four_times_as_long_a_rest()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, time: _time);

        Assert.Equal(FourTimesWork, await RestsAfterWorkAsync(grid, new(grid.Core)));
    }

    [Fact]
    public async Task What_the_journal_writes_besides_records_counts_as_work()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, time: _time);
        await grid.WriteAsync(_ => _time.Advance(Work));

        Assert.Equal(FourTimesWork, await _time.PassWaitsAsync(new CheckpointThrottle(grid.Core).RestAsync()));
    }

    [Fact]
    public async Task A_rest_that_took_longer_than_it_should_is_made_up_for()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, time: _time);
        var pace = new CheckpointThrottle(grid.Core);
        await WorkAsync(grid, pace);
        var rest = pace.RestAsync();
        await _time.NextWaitAsync();
        _time.Advance(5 * Work);
        await rest.InTime();

        Assert.Equal(3 * Work, (await RestsAfterWorkAsync(grid, pace)).Aggregate((one, other) => one + other));
    }

    [Fact]
    public async Task It_does_not_rest_while_somebody_waits_or_memory_is_too_full()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.MaxResidentEntities = 4, _time);
        var pace = new CheckpointThrottle(grid.Core);

        pace.Hurry();
        Assert.Empty(await RestsAfterWorkAsync(grid, pace));
        pace.Calm();
        Assert.Equal(FourTimesWork, await RestsAfterWorkAsync(grid, pace));
        for (var i = 0; i < 20; i++)
        {
            await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", $"c{i}", "m1", i), default);
        }

        Assert.Empty(await RestsAfterWorkAsync(grid, pace));
    }

    [Fact]
    public async Task Who_begins_to_wait_ends_a_rest()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, time: _time);
        var pace = new CheckpointThrottle(grid.Core);
        await WorkAsync(grid, pace);
        var rest = pace.RestAsync();
        await _time.NextWaitAsync();
        Assert.False(rest.IsCompleted);

        pace.Hurry();

        await rest.InTime();
    }

    [Fact]
    public async Task A_checkpoint_rests_four_times_as_long_as_the_journal_works_for_it()
    {
        using var folder = new TestFolder();
        var (time, log) = (new WorkingTime(), new SignalLog());
        await using var grid = Fraud.Open(folder, options => options.FlushEvery = TimeSpan.FromMinutes(1), time, log);
        await time.BeatAsync(TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(one =>
            grid.IngestAsync(Fraud.Payment($"t{one}", $"c{one}", $"m{one % 5}", one), default).AsTask()));

        time.Advance(TimeSpan.FromHours(1));
        var rests = await time.PassWaitsAsync(log.WrittenAsync(Checkpointed));

        var owed = (CheckpointThrottle.Share - 1) * TimeSpan.FromTicks(grid.Core.Journal.OtherWork);
        Assert.True(owed > TimeSpan.FromMilliseconds(40), $"The journal had next to nothing to do: {owed}.");
        var least = owed - TimeSpan.FromMilliseconds(2); // Shorter rests are put off.
        Assert.InRange(rests.Aggregate((one, other) => one + other), least, owed);
        Assert.True(rests.Count >= grid.Core.Shards.Count, $"It rested {rests.Count} times only: not once in each shard.");
    }

    private Task WorkAsync(EmbeddedGrid grid, CheckpointThrottle pace) => ShardTask.RunAsync(grid.Core.Shards[0], pace.Timed(_ =>
    {
        _time.Advance(Work);
        return false;
    }));

    private async Task<IReadOnlyList<TimeSpan>> RestsAfterWorkAsync(EmbeddedGrid grid, CheckpointThrottle pace)
    {
        await WorkAsync(grid, pace);
        return await _time.PassWaitsAsync(pace.RestAsync());
    }

    /// <summary>Moves on by a millisecond whenever the journal's thread measures: each piece of its work takes so long.</summary>
    private sealed class WorkingTime : SteppedTime
    {
        public override long GetTimestamp()
        {
            if (Thread.CurrentThread.Name == "grid journal")
            {
                Advance(TimeSpan.FromMilliseconds(1));
            }

            return base.GetTimestamp();
        }
    }
}

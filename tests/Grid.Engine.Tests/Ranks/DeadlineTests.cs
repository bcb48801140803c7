using System.Collections.Concurrent;

namespace Grid.Engine.Tests.Ranks;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_call_with_a_frozen_owner_is_answered_at_its_deadline_without_it()
    {
        using var city = new City(rank: ["deadline: 20ms"]);
        await using var grid = city.Open(options => options.Durability = Durability.Received);
        var frozen = City.KeyElsewhere(grid, "restaurant", "r", new("user", "u"), new("area", "a"), new("restaurant", "else"));
        using var owner = new FrozenOwner(grid, new("restaurant", frozen));

        for (var i = 0; i < 20; i++)
        {
            var search = City.Search($"s{i}", 1_000);
            var ranking = await owner.PassDeadlineAsync(
                () => grid.RankAsync("rank", search, [City.Candidate(frozen), City.Candidate("else")], default),
                city.Time,
                20 * Millisecond);

            Assert.Equal([new EntityId("restaurant", frozen)], ranking.TimedOut);
        }
    }

    [Fact]
    public async Task A_deadline_ends_on_a_thread_of_the_engines_own_and_needs_no_timer_of_the_clock()
    {
        using var deadlines = new Deadlines(new TimerlessClock());
        var ended = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);

        deadlines.Start(Millisecond, () => ended.SetResult(Thread.CurrentThread));

        Assert.False((await ended.Task.InTime()).IsThreadPoolThread);
    }

    [Fact]
    public async Task One_that_takes_long_holds_up_no_other()
    {
        var time = new SteppedTime();
        using var deadlines = new Deadlines(time);
        using var second = new ManualResetEventSlim();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            deadlines.Start(Millisecond, () =>
            {
                second.Wait();
                first.SetResult();
            });
            deadlines.Start(5 * Millisecond, second.Set);

            time.Advance(5 * Millisecond);

            await first.Task.InTime();
        }
        finally
        {
            second.Set(); // Where the other could not: the thread is waited for at the end.
        }
    }

    [Fact]
    public async Task Each_runs_once_at_its_time_whatever_the_order_and_a_dropped_one_never()
    {
        const int Waits = 300, Longest = 80;
        var (random, time) = (new Random(5), new SteppedTime());
        var deadlines = new Deadlines(time);
        using var run = new SemaphoreSlim(0);
        var ran = new ConcurrentQueue<(int Which, int At)>();
        var due = new int[Waits];
        var dropped = new HashSet<int>();
        for (var i = 0; i < Waits; i++)
        {
            var which = i;
            due[i] = random.Next(1, Longest + 1);
            var wait = deadlines.Start(due[i] * Millisecond, () =>
            {
                ran.Enqueue((which, (int)(time.GetUtcNow() - SteppedTime.Beginning).TotalMilliseconds));
                run.Release();
            });
            if (random.Next(3) == 0)
            {
                wait.Drop();
                dropped.Add(i);
            }
        }

        var left = Enumerable.Range(0, Waits).Except(dropped).ToList();
        for (var now = 1; now <= Longest; now++)
        {
            time.Advance(Millisecond);
            foreach (var _ in left.Where(which => due[which] == now))
            {
                await run.WaitAsync().InTime();
            }
        }

        time.Advance(TimeSpan.FromHours(1));
        deadlines.Dispose();
        Assert.Equal(left.Select(which => (which, due[which])), ran.Order());
    }

    /// <summary>The system's clock on a machine whose thread pool never comes to its timers.</summary>
    private sealed class TimerlessClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

        private sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}

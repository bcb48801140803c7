namespace Grid.Engine.Tests.Ranks;

/// <summary>Holds the shard of an entity, so that the entity answers nobody, until it is let go.</summary>
internal sealed class FrozenOwner : IDisposable
{
    private readonly EmbeddedGrid _grid;
    private readonly ManualResetEventSlim _go = new();
    private readonly Thread _holder;

    public FrozenOwner(EmbeddedGrid grid, EntityId entity)
    {
        _grid = grid;
        var shard = grid.Core.ShardOf(grid.Core.KindsByName[entity.Kind].Ordinal, entity.Key);
        using var held = new ManualResetEventSlim();
        var hold = new Hold(held, _go);
        _holder = new(() => Scheduler.Send(shard, hold)); // A thread of its own: the pool's are few, and the call needs them.
        _holder.Start();
        held.Wait();
    }

    /// <summary>Makes a call and lets its deadline pass once every other owner has answered, so that exactly this one times out.</summary>
    public async Task<T> PassDeadlineAsync<T>(Func<ValueTask<T>> call, SteppedTime time, TimeSpan deadline)
    {
        var others = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _grid.Core.PartsLeft = left =>
        {
            if (left == 1)
            {
                others.TrySetResult();
            }
        };
        var answer = call();
        await others.Task.InTime();
        time.Advance(deadline - TimeSpan.FromTicks(1));
        await DeadlinesRunAsync();
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        return await answer.AsTask().InTime();
    }

    /// <summary>Ends when both threads that end deadlines are done with all that was due.</summary>
    private async Task DeadlinesRunAsync()
    {
        using var both = new Barrier(2);
        var (left, done) = (2, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        for (var i = 0; i < 2; i++)
        {
            _grid.Core.Deadlines.Start(TimeSpan.Zero, () =>
            {
                both.SignalAndWait();
                if (Interlocked.Decrement(ref left) == 0)
                {
                    done.SetResult();
                }
            });
        }

        await done.Task.InTime();
    }

    public void Dispose()
    {
        _go.Set();
        _holder.Join();
        _go.Dispose();
    }

    private sealed class Hold(ManualResetEventSlim held, ManualResetEventSlim go) : ShardMessage
    {
        public override void RunOnShard(Shard shard)
        {
            held.Set();
            go.Wait();
        }
    }
}

namespace Grid.Engine;

/// <summary>A piece of housekeeping in a shard, done in slices so that calls are not kept waiting.</summary>
internal sealed class ShardTask(Func<Shard, bool> slice) : ShardMessage
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs slices in the shard until one says that it was the last.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="slice">One slice of the work; true where there is more.</param>
    public static Task RunAsync(Shard shard, Func<Shard, bool> slice)
    {
        var task = new ShardTask(slice);
        ThreadPool.UnsafeQueueUserWorkItem(static sent => Scheduler.Send(sent.shard, sent.task), (shard, task), preferLocal: false);
        return task._done.Task;
    }

    public override void RunOnShard(Shard shard)
    {
        try
        {
            shard.ScoreOnShard();
            if (slice(shard))
            {
                Scheduler.Send(shard, this); // Behind those who came meanwhile.
            }
            else
            {
                _done.TrySetResult();
            }
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }
}

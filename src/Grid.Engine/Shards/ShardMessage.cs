namespace Grid.Engine;

/// <summary>Something to be done in a shard's turn. A link in a queue: one message is in one queue at a time.</summary>
internal abstract class ShardMessage
{
    /// <summary>The queue's own.</summary>
    internal ShardMessage? Next;

    /// <summary>Runs in the shard, with no other turn of it under way. Must not wait, and must not throw.</summary>
    public abstract void RunOnShard(Shard shard);
}

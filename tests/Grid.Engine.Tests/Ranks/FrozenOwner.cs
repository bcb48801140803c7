namespace Grid.Engine.Tests.Ranks;

/// <summary>Holds the shard of an entity, so that the entity answers nobody, until it is let go.</summary>
internal sealed class FrozenOwner : IDisposable
{
    private readonly ManualResetEventSlim _go = new();
    private readonly Thread _holder;

    public FrozenOwner(EmbeddedGrid grid, EntityId entity)
    {
        var shard = grid.Core.ShardOf(grid.Core.KindsByName[entity.Kind].Ordinal, entity.Key);
        using var held = new ManualResetEventSlim();
        var hold = new Hold(held, _go);
        _holder = new(() => Courier.Send(shard, hold)); // A thread of its own: the pool's are few, and the call needs them.
        _holder.Start();
        held.Wait();
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

using Grid.Features.Plans;

namespace Grid.Engine;

/// <summary>What one shard is asked for by a <see cref="FeatureFetch"/>.</summary>
internal sealed class FetchPart(FeatureFetch fetch, Shard shard) : ShardMessage
{
    /// <summary>How far behind copies may be, in milliseconds, before one who comes too late refreshes them: a shard that is behind is spared the rest.</summary>
    private const long WorthRefreshing = 1_000;

    private readonly List<FetchedEntity> _wants = [];
    private bool _done;

    public Shard Shard => shard;

    public bool IsDone => Volatile.Read(ref _done);

    public void Add(FetchedEntity want) => _wants.Add(want);

    public override void RunOnShard(Shard on)
    {
        Exception? failure = null;
        try
        {
            foreach (var want in _wants)
            {
                ReadOnShard(on, want);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        Volatile.Write(ref _done, true);
        fetch.PartDone(failure);
    }

    private void ReadOnShard(Shard on, FetchedEntity want)
    {
        var copies = fetch.Core.Copies;
        var at = fetch.At.UnixMilliseconds;
        if (fetch.HasEnded && copies.Find(want.Read, want.Key) is { } there && there.At > at - WorthRefreshing)
        {
            return;
        }

        var copy = new FeatureReplica(want.Read, want.Key, at, new ReadValue[want.Read.Features.Length]);
        on.Entities.Read(want.Read, want.Key, fetch.At, copy.Values);
        want.Answer(copy);
        if (fetch.Decision.KeepsCopies)
        {
            copies.Keep(copy);
        }
    }
}

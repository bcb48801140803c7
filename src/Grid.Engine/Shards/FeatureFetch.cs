using Grid.Decisions.Hosting;
using Grid.Decisions.Turns;
using Grid.Features.Plans;

namespace Grid.Engine;

/// <summary>Waits for what a decision reads of other entities.</summary>
internal interface IFetchContinuation
{
    /// <summary>Everything is there, or the deadline has passed. Called once, in some shard or in none.</summary>
    void Fetched();
}

/// <summary>
/// Reads features of many entities at one moment: from local copies where the decision accepts them, from the owners otherwise, with one message a
/// shard. After the deadline the call goes on with what is there; owners who answer later refresh the copies. Made for one call: messages that are
/// still in a queue then outlive it.
/// </summary>
internal sealed class FeatureFetch(EngineCore core, DecisionFacts decision, EventTime at, IFetchContinuation then) : IThreadPoolWorkItem
{
    private readonly List<FetchedEntity> _wants = [];
    private readonly Dictionary<(int Read, string Key), int> _known = [];
    private readonly List<FetchPart> _parts = [];
    private DeadlineWait? _deadline;
    private int _left;
    private int _ended;

    public EngineCore Core => core;

    public DecisionFacts Decision => decision;

    public EventTime At => at;

    /// <summary>Whether it goes on without what has not come by now.</summary>
    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Why an owner could not be read; null where all could.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Wants features of an entity; the same ones only once.</summary>
    /// <param name="read">Which, by place in <see cref="DecisionFacts.Foreign"/>.</param>
    /// <param name="key">The entity's key.</param>
    /// <returns>What <see cref="ReadInto"/> takes.</returns>
    public int Want(int read, string key)
    {
        if (!_known.TryGetValue((read, key), out var want))
        {
            _known[(read, key)] = want = _wants.Count;
            _wants.Add(new(decision.Foreign[read], key, decision.MaxAges[read]));
        }

        return want;
    }

    /// <summary>Begins. With a deadline the owners are asked on a pool thread, so that none of them can hold up the caller's own.</summary>
    public void Start()
    {
        var parts = new FetchPart?[core.Shards.Count];
        foreach (var want in _wants)
        {
            if (!want.TakeYoung(core.Copies, at.UnixMilliseconds))
            {
                var shard = core.ShardOf(want.Read.Kind.Ordinal, want.Key);
                if (parts[shard.Number] is not { } part)
                {
                    parts[shard.Number] = part = new(this, shard);
                    _parts.Add(part);
                }

                part.Add(want);
            }
        }

        _left = _parts.Count;
        core.PartsLeft?.Invoke(_left);
        if (_left == 0)
        {
            End();
        }
        else if (decision.Plan.Freshness?.Deadline is { } deadline)
        {
            _deadline = core.Deadlines.Start(deadline, End);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            Send();
        }
    }

    void IThreadPoolWorkItem.Execute() => Send();

    /// <summary>Writes what was gathered of one entity, and where it came from.</summary>
    public void ReadInto(int want, Span<ReadValue> values, Span<FeatureOrigin> origins) =>
        _wants[want].ReadInto(values, origins, decision.Plan.Freshness, at.UnixMilliseconds);

    /// <summary>The entities that timed out.</summary>
    public IReadOnlyList<EntityId> TimedOut()
    {
        List<EntityId>? timedOut = null;
        foreach (var want in _wants)
        {
            if (want.IsTimedOut && (timedOut ??= []) is { } list && new EntityId(want.Read.Kind.Name, want.Key) is var entity && !list.Contains(entity))
            {
                list.Add(entity);
            }
        }

        return timedOut ?? (IReadOnlyList<EntityId>)[];
    }

    public void PartDone(Exception? failure)
    {
        Failure ??= failure;
        var left = Interlocked.Decrement(ref _left);
        core.PartsLeft?.Invoke(left);
        if (left == 0)
        {
            End();
        }
    }

    private void Send()
    {
        // By count: the last of them may end the call, and who is called then may be at the next one already.
        for (var i = 0; i < _parts.Count; i++)
        {
            Scheduler.Send(_parts[i].Shard, _parts[i]);
        }
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        _deadline?.Drop();
        foreach (var want in _wants)
        {
            want.Settle(core.Copies, at.UnixMilliseconds);
        }

        if (_parts.Exists(part => !part.IsDone))
        {
            core.Metrics.TimedOut(_wants.Count(want => want.IsTimedOut));
        }

        then.Fetched();
    }
}

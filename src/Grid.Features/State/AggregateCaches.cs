namespace Grid.Features.State;

/// <summary>
/// The aggregate caches of one timeline, for the entities of a kind that have one. A bit in the entity's record marks them.
/// </summary>
internal sealed class AggregateCaches(Arena arena, KindLayout kind, int timeline)
{
    private readonly Dictionary<int, AggregateCache> _all = [];

    public AggregateCache? Find(int entity) => Has(entity) ? _all[entity] : null;

    public AggregateCache Make(int entity)
    {
        if (Find(entity) is { } derived)
        {
            return derived;
        }

        derived = new(kind.Plan.Features.Count);
        _all.Add(entity, derived);
        Mark(entity, true);
        return derived;
    }

    public void Drop(int entity)
    {
        if (Find(entity) is { } derived)
        {
            derived.Dispose();
            _all.Remove(entity);
            Mark(entity, false);
        }
    }

    public void DropAll()
    {
        foreach (var derived in _all.Values)
        {
            derived.Dispose();
        }

        _all.Clear();
    }

    private unsafe bool Has(int entity) => new EntityRecord(arena[entity], kind).HasAggregateCache(timeline);

    private unsafe void Mark(int entity, bool has) => new EntityRecord(arena[entity], kind).SetAggregateCache(timeline, has);
}

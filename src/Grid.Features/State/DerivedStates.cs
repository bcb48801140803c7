namespace Grid.Features;

/// <summary>The derived state of those entities of a kind that have some, for one timeline. The entity's record says whether it has.</summary>
internal sealed class DerivedStates(Arena arena, KindLayout kind, int timeline)
{
    private readonly Dictionary<int, Derived> _all = [];

    public Derived? Find(int entity) => Has(entity) ? _all[entity] : null;

    public Derived Make(int entity)
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

    private unsafe bool Has(int entity) => new EntityRecord(arena[entity], kind).HasDerived(timeline);

    private unsafe void Mark(int entity, bool has) => new EntityRecord(arena[entity], kind).SetDerived(timeline, has);
}

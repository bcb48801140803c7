using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>The sorted values of a sliding window, for lookups by rank.</summary>
internal sealed class SlidingRanks(ColumnLayout column) : SlidingValues(column)
{
    private readonly SortedBlocks<long> _keys = new();

    public override bool IsEmpty => _keys.Count == 0;

    public override void Add(long key) => _keys.Add(key);

    public override void Remove(long key) => _keys.Remove(key);

    public override Value Read(FeaturePlan feature, TextTable texts) =>
        ColumnValue.Of(Column, _keys[Exact.Rank(feature.QuantileBillionths, _keys.Count)], texts);
}

using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>Cached values of a sliding window: covers the events after <see cref="Low"/> and at or before <see cref="High"/>.</summary>
internal abstract class SlidingValues(ColumnLayout column)
{
    public ColumnLayout Column => column;

    public long Low { get; set; }

    public long High { get; set; }

    /// <summary>The number of consecutive reads that could not use the cache.</summary>
    public int Misses { get; set; }

    public abstract bool IsEmpty { get; }

    public static SlidingValues For(Aggregation aggregation, ColumnLayout column, TextTable texts) =>
        aggregation == Aggregation.Quantile ? new SlidingRanks(column) : new SlidingCounts(column, texts);

    public abstract void Add(long key);

    public abstract void Remove(long key);

    /// <summary>The value of a feature. Requires at least one value.</summary>
    public abstract Value Read(FeaturePlan feature, TextTable texts);
}

using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>What is kept of the values of a window that slides: it covers the events after <see cref="Low"/> up to <see cref="High"/>.</summary>
internal abstract class SlidingValues(ColumnLayout column)
{
    public ColumnLayout Column => column;

    public long Low { get; set; }

    public long High { get; set; }

    /// <summary>How many readings in a row could not use it.</summary>
    public int Misses { get; set; }

    public abstract bool IsEmpty { get; }

    public static SlidingValues For(Aggregation aggregation, ColumnLayout column, TextTable texts) =>
        aggregation == Aggregation.Quantile ? new SlidingRanks(column) : new SlidingCounts(column, texts);

    public abstract void Add(long key);

    public abstract void Remove(long key);

    /// <summary>What a feature reads; there must be a value.</summary>
    public abstract Value Read(FeaturePlan feature, TextTable texts);
}

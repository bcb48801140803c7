using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// A compiled window feature. Its bounds are indexes into the list of bounds of the timeline, so that windows with a common bound search
/// for it once.
/// </summary>
internal sealed class WindowProgram
{
    public WindowProgram(FeaturePlan plan, KindLayout kind, List<long>[] offsets)
    {
        Plan = plan;
        var layout = kind.Timelines[plan.Timeline];
        Column = plan.Column < 0 ? null : layout.Columns[plan.Column];
        Weights = plan.WeightColumn < 0 ? null : layout.Columns[plan.WeightColumn];
        if ((MisfitOf(plan.Aggregation, Column) ?? MisfitOf(plan, Column, Weights)) is { } misfit)
        {
            throw new ArgumentException($"The feature '{plan.FullName}' cannot be read: {plan.Aggregation} {misfit}.", nameof(plan));
        }

        // If the window ends at the read time: the latest event strictly before it.
        var end = plan.Aggregation == Aggregation.SinceLast && plan.DelayMilliseconds == 0 ? 1 : plan.DelayMilliseconds;
        High = Place(offsets[plan.Timeline], end);
        IsWhole = plan.WindowMilliseconds >= FeaturePlan.WholeHistory - plan.DelayMilliseconds;
        Start = IsWhole ? FeaturePlan.WholeHistory : plan.DelayMilliseconds + plan.WindowMilliseconds;
        Low = Place(offsets[plan.Timeline], Start);
        Empty = ReadEmpty(plan);
    }

    public FeaturePlan Plan { get; }

    public ColumnLayout? Column { get; }

    /// <summary>The column of weights for a column of weighted values, if it is read too.</summary>
    public ColumnLayout? Weights { get; }

    /// <summary>Index of the bound at the end of the window.</summary>
    public int High { get; }

    /// <summary>Index of the bound at the start of the window.</summary>
    public int Low { get; }

    /// <summary>How long before the read time the window starts, in milliseconds.</summary>
    public long Start { get; }

    public bool IsWhole { get; }

    /// <summary>The value of an empty window.</summary>
    public Value Empty { get; }

    // Reading a field that the column does not store would read another field's bytes.
    private static string? MisfitOf(Aggregation aggregation, ColumnLayout? column)
    {
        if (column is null)
        {
            return aggregation is Aggregation.Count or Aggregation.SinceLast ? null : "needs a column";
        }

        return aggregation switch
        {
            Aggregation.Sum or Aggregation.Mean or Aggregation.StdDev when column.Plan.Storage != ColumnStorage.Fixed => $"is exact over fixed-point values only, and its column holds {column.Plan.Storage}",
            Aggregation.Sum or Aggregation.Mean when !column.IsSummed => "needs a column that is summed",
            Aggregation.StdDev when !column.IsSquared => "needs a column that is squared",
            not Aggregation.Count when column.Plan.Storage == ColumnStorage.Hash => "reads values, and its column holds hashes of them",
            Aggregation.Min or Aggregation.Max or Aggregation.Quantile when column.Plan.Storage == ColumnStorage.Text => "has no order of texts",
            Aggregation.Min or Aggregation.Max when !column.IsRanged => "needs a column that is ranged",
            Aggregation.None or Aggregation.Open or Aggregation.Latest => "is not read over a window",
            _ => null,
        };
    }

    private static string? MisfitOf(FeaturePlan plan, ColumnLayout? column, ColumnLayout? weights)
    {
        var isDecayed = plan.Aggregation is Aggregation.DecayedSum or Aggregation.DecayedMean or Aggregation.DecayedCount;
        if (!isDecayed)
        {
            return column?.Plan.Decay is null ? null : "reads values as they are, and its column holds weighed ones";
        }

        if (column is not { IsSummed: true } || column.Plan.Decay is not { } decay || decay.IsWeight != (plan.Aggregation == Aggregation.DecayedCount))
        {
            return "needs a column of weighed values that is summed";
        }

        if (plan.Aggregation == Aggregation.DecayedMean && (weights is not { IsSummed: true } || weights.Plan.Decay != decay with { IsWeight = true }))
        {
            return "needs a column of the weights that is summed";
        }

        return plan.WindowMilliseconds / DecayPlan.MostHalfLives > decay.HalfLifeMilliseconds ? $"reads at most {DecayPlan.MostHalfLives} half-lives" : null;
    }

    private static Value ReadEmpty(FeaturePlan plan) => plan.Empty ?? plan.Aggregation switch
    {
        Aggregation.Count or Aggregation.Sum or Aggregation.Distinct or Aggregation.DecayedSum or Aggregation.DecayedCount => Value.Of(0),
        _ => Value.Missing,
    };

    private static int Place(List<long> offsets, long offset)
    {
        var place = offsets.IndexOf(offset);
        if (place < 0)
        {
            place = offsets.Count;
            offsets.Add(offset);
        }

        return place;
    }
}

namespace Grid.Features;

/// <summary>A feature over a window, with its edges as numbers in the list of all the edges of its timeline: windows that share an edge search it once.</summary>
internal sealed class WindowProgram
{
    public WindowProgram(FeaturePlan plan, KindLayout kind, List<long>[] offsets)
    {
        Plan = plan;
        var layout = kind.Timelines[plan.Timeline];
        Column = plan.Column < 0 ? null : layout.Columns[plan.Column];

        // The latest event strictly before the moment, where the window ends at the moment.
        var end = plan.Aggregation == Aggregation.SinceLast && plan.DelayMilliseconds == 0 ? 1 : plan.DelayMilliseconds;
        High = Place(offsets[plan.Timeline], end);
        IsWhole = plan.WindowMilliseconds >= FeaturePlan.WholeHistory - plan.DelayMilliseconds;
        Start = IsWhole ? FeaturePlan.WholeHistory : plan.DelayMilliseconds + plan.WindowMilliseconds;
        Low = Place(offsets[plan.Timeline], Start);
        Empty = ReadEmpty(plan);
    }

    public FeaturePlan Plan { get; }

    public ColumnLayout? Column { get; }

    /// <summary>Number of the edge after the window.</summary>
    public int High { get; }

    /// <summary>Number of the edge before the window.</summary>
    public int Low { get; }

    /// <summary>How long before the moment the window starts, in milliseconds.</summary>
    public long Start { get; }

    public bool IsWhole { get; }

    /// <summary>What an empty window reads as.</summary>
    public Value Empty { get; }

    private static Value ReadEmpty(FeaturePlan plan) => plan.Empty ?? plan.Aggregation switch
    {
        Aggregation.Count or Aggregation.Sum or Aggregation.Distinct => Value.Of(0),
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

using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>The memory layout of a timeline, computed once from its plan.</summary>
internal sealed class TimelineLayout
{
    public TimelineLayout(TimelinePlan plan)
    {
        Plan = plan;
        var columns = new List<ColumnLayout>();
        var nodeBytes = NodeFixedBytes;
        foreach (var column in plan.Columns)
        {
            columns.Add(new(column, columns.Count, ref nodeBytes));
        }

        // A column with a filter whose values arrive later cannot distinguish a missing value that was filtered out from one not yet known.
        // A hidden column records the filter's result.
        foreach (var column in columns.Where(column => column.Plan is { Where: not null, ComesLater: true }).ToArray())
        {
            column.Gate = columns.Count;
            var gate = new ColumnPlan { Ordinal = columns.Count, Slot = ColumnPlan.Ones, Storage = ColumnStorage.Fixed, Where = column.Plan.Where };
            columns.Add(new(gate, columns.Count, ref nodeBytes));
        }

        Columns = [.. columns];
        HasTexts = Columns.Any(column => column.Plan.Storage == ColumnStorage.Text);
        HasLabels = Columns.Any(column => column.Plan.IsLabel);
        LeafHeader = Leaf.FixedHeader + (Columns.Length * (sizeof(long) + 1));
        NodeEntryBytes = nodeBytes;

        // A retention of at least 1 ms always keeps the newest event.
        Retention = Math.Max(1, plan.RetentionMilliseconds);
    }

    /// <summary>Bytes of a node's entry common to all timelines: first time, first fingerprint, child, events before.</summary>
    public const int NodeFixedBytes = sizeof(long) + sizeof(uint) + sizeof(int) + sizeof(int);

    public TimelinePlan Plan { get; }

    public ColumnLayout[] Columns { get; }

    public bool HasLabels { get; }

    public bool HasTexts { get; }

    public int LeafHeader { get; }

    public int NodeEntryBytes { get; }

    /// <summary>In milliseconds, at least 1.</summary>
    public long Retention { get; }
}

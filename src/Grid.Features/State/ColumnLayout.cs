using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>One column of a timeline and the offsets of its fields in a node's entries.</summary>
internal sealed class ColumnLayout
{
    public ColumnLayout(ColumnPlan plan, int ordinal, ref int nodeBytes)
    {
        Plan = plan;
        Ordinal = ordinal;
        ValuesAt = Take(ref nodeBytes, sizeof(int));
        SumAt = plan.Summed || plan.Squared ? Take(ref nodeBytes, 16) : -1;
        SquaresAt = plan.Squared ? Take(ref nodeBytes, 24) : -1;
        MinMaxAt = plan.Ranged ? Take(ref nodeBytes, 16) : -1;
    }

    public ColumnPlan Plan { get; }

    public int Ordinal { get; }

    /// <summary>Ordinal of the hidden column that records whether the filter passed an event; -1 if there is none.</summary>
    public int Gate { get; set; } = -1;

    public bool IsSummed => SumAt >= 0;

    public bool IsSquared => SquaresAt >= 0;

    public bool IsRanged => MinMaxAt >= 0;

    /// <summary>
    /// Offset of the count of values before an entry, in bytes per entry; multiply by the node's capacity for the offset in the node.
    /// </summary>
    public int ValuesAt { get; }

    /// <summary>The same for the sum; -1 if no sum is stored.</summary>
    public int SumAt { get; }

    public int SquaresAt { get; }

    public int MinMaxAt { get; }

    private static int Take(ref int nodeBytes, int bytes)
    {
        var at = nodeBytes;
        nodeBytes += bytes;
        return at;
    }
}

using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>One column of a timeline and where a node's entries keep what they know of it.</summary>
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

    /// <summary>The hidden column that says whether the filter let an event through; -1 where there is none.</summary>
    public int Gate { get; set; } = -1;

    public bool IsSummed => SumAt >= 0;

    public bool IsSquared => SquaresAt >= 0;

    public bool IsRanged => MinMaxAt >= 0;

    /// <summary>Place of the count of values before an entry, in bytes of an entry; times the node's capacity it is an offset.</summary>
    public int ValuesAt { get; }

    /// <summary>The same of the sum; -1 where none is kept.</summary>
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

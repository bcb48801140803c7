using System.Runtime.CompilerServices;

namespace Grid.Features.State;

/// <summary>
/// An inner node of a timeline's tree: its children in order of time. For each child, the node stores what precedes it within the node
/// (number of events and, per column, number of values, sum and sum of squares) and the minimum and maximum of the child itself.
/// </summary>
/// <remarks>
/// Layout (bytes): handle (4), level (1; the children of level 1 are leaves), unused (1), count (2), capacity (2), unused (6); then each
/// field as an array of the capacity's length.
/// </remarks>
internal readonly unsafe struct Node(byte* piece, TimelineLayout layout)
{
    public const int Header = 16;

    /// <summary>The maximum number of children.</summary>
    public const int Most = 128;

    public ref ushort Count => ref *(ushort*)(piece + 6);

    public ref ushort Capacity => ref *(ushort*)(piece + 8);

    public ref byte Level => ref piece[Arena.Reserved];

    public TimelineLayout Layout => layout;

    public static int BytesFor(TimelineLayout layout, int capacity) => Header + (capacity * layout.NodeEntryBytes);

    public int Bytes => BytesFor(layout, Capacity);

    public ref long FirstTime(int index) => ref ((long*)(piece + Header))[index];

    public ref uint FirstFingerprint(int index) => ref ((uint*)Field(8))[index];

    public ref int Child(int index) => ref ((int*)Field(12))[index];

    /// <summary>The number of events in the node before a child.</summary>
    public ref int Before(int index) => ref ((int*)Field(16))[index];

    public int* Befores => (int*)Field(16);

    public ref int ValuesBefore(ColumnLayout column, int index) => ref ((int*)Field(column.ValuesAt))[index];

    public int* ValuesBefore(ColumnLayout column) => (int*)Field(column.ValuesAt);

    public Int128* SumsBefore(ColumnLayout column) => (Int128*)Field(column.SumAt);

    public Wide* SquaresBefore(ColumnLayout column) => (Wide*)Field(column.SquaresAt);

    public MinMax* MinMaxes(ColumnLayout column) => (MinMax*)Field(column.MinMaxAt);

    public Totals TotalsBefore(ColumnLayout column, int index)
    {
        var totals = default(Totals);
        totals.Values = ValuesBefore(column)[index];
        if (column.IsSummed)
        {
            totals.Sum = Unsafe.ReadUnaligned<Int128>(SumsBefore(column) + index);
        }

        if (column.IsSquared)
        {
            totals.Squares = Unsafe.ReadUnaligned<Wide>(SquaresBefore(column) + index);
        }

        return totals;
    }

    /// <summary>Adds the totals of a column before a child.</summary>
    public void AddBefore(ColumnLayout column, int index, ref Totals totals)
    {
        totals.Values += ValuesBefore(column)[index];
        if (column.IsSummed)
        {
            totals.Sum += Unsafe.ReadUnaligned<Int128>(SumsBefore(column) + index);
        }

        if (column.IsSquared)
        {
            totals.Squares += Unsafe.ReadUnaligned<Wide>(SquaresBefore(column) + index);
        }
    }

    public void SetTotalsBefore(ColumnLayout column, int index, in Totals totals)
    {
        ValuesBefore(column)[index] = totals.Values;
        if (column.IsSummed)
        {
            Unsafe.WriteUnaligned(SumsBefore(column) + index, totals.Sum);
        }

        if (column.IsSquared)
        {
            Unsafe.WriteUnaligned(SquaresBefore(column) + index, totals.Squares);
        }
    }

    /// <summary>The last child whose first event is at or before a time; the first child if there is none.</summary>
    public int ChildAt(long time)
    {
        var (low, high) = (1, (int)Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = FirstTime(middle) <= time ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    /// <summary>The last child whose first event sorts at or before a time and fingerprint; the first child if there is none.</summary>
    public int ChildAt(long time, uint print)
    {
        var (low, high) = (1, (int)Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var first = FirstTime(middle);
            (low, high) = first < time || (first == time && FirstFingerprint(middle) <= print) ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    /// <summary>Adds a number of events (possibly negative) to the counts of every child after the given one.</summary>
    public void CountAfter(int index, int events)
    {
        var befores = Befores;
        for (var i = index + 1; i < Count; i++)
        {
            befores[i] += events;
        }
    }

    /// <summary>Adds a change to a column's totals of every child after the given one.</summary>
    public void AddAfter(ColumnLayout column, int index, in Totals change)
    {
        var values = ValuesBefore(column);
        var sums = column.IsSummed ? SumsBefore(column) : null;
        var squares = column.IsSquared ? SquaresBefore(column) : null;
        for (var i = index + 1; i < Count; i++)
        {
            values[i] += change.Values;
            if (sums is not null)
            {
                sums[i] += change.Sum;
            }

            if (squares is not null)
            {
                squares[i] += change.Squares;
            }
        }
    }

    private byte* Field(int perEntry) => piece + Header + (Capacity * perEntry);
}

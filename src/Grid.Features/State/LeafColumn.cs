using System.Runtime.CompilerServices;

namespace Grid.Features.State;

/// <summary>One column of a leaf.</summary>
internal readonly unsafe struct LeafColumn(byte* data, byte* missing, int width, long origin)
{
    public byte* Data => data;

    public byte* MissingBits => missing;

    public int Width => width;

    /// <summary>A bit per event without a value.</summary>
    public UInt128 Missing => missing is null ? 0 : Unsafe.ReadUnaligned<UInt128>(missing);

    public bool IsMissing(int index) => missing is not null && ((missing[index >> 3] >> (index & 7)) & 1) != 0;

    public long Key(int index) => origin + (long)Packed.Get(data, width, index);

    /// <summary>A bit per event of the range that has a value.</summary>
    public UInt128 Present(int from, int to) => ~Missing & Mask(from, to);

    public int Values(int from, int to) => missing is null ? to - from : (int)UInt128.PopCount(Present(from, to));

    public Totals TotalsOf(int from, int to, ColumnLayout layout)
    {
        var totals = default(Totals);
        totals.Values = Values(from, to);
        if (layout.IsSummed && totals.Values > 0)
        {
            totals.Sum = Sum(from, to, totals.Values);
            totals.Squares = layout.IsSquared ? Squares(from, to) : default;
        }

        return totals;
    }

    /// <summary>The sum of a range that has <paramref name="values"/> values.</summary>
    public Int128 Sum(int from, int to, int values)
    {
        // Missing values are packed as offset 0, so the base is added only for present ones.
        var high = Math.BigMul(origin, values, out var low);
        return new Int128((ulong)high, (ulong)low) + Packed.Sum(data, width, from, to);
    }

    public MinMax MinMaxOf(int from, int to)
    {
        var extent = MinMax.None;
        if (missing is null)
        {
            for (var i = from; i < to; i++)
            {
                extent = extent.With(Key(i));
            }

            return extent;
        }

        for (var i = from; i < to; i++)
        {
            extent = IsMissing(i) ? extent : extent.With(Key(i));
        }

        return extent;
    }

    private Wide Squares(int from, int to)
    {
        var sum = default(Wide);
        for (var i = from; i < to; i++)
        {
            sum = IsMissing(i) ? sum : sum + Wide.Square(Key(i));
        }

        return sum;
    }

    private static UInt128 Mask(int from, int to)
    {
        var upTo = to >= 128 ? UInt128.MaxValue : (UInt128.One << to) - 1;

        // Shifting by 128 is a shift by 0 in .NET: nothing follows a full leaf.
        return from >= 128 ? UInt128.Zero : upTo & (UInt128.MaxValue << from);
    }
}

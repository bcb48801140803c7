using System.Numerics;
using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// Converts exact integers to doubles, defined to the last bit. An integer becomes the nearest double, ties to even (.NET's own conversions
/// of 128-bit and larger integers do not guarantee that). Then:
/// <list type="bullet">
/// <item>sum: double(Σx) / 10^scale; for integers (scale 0) Σx itself if it fits in 64 bits;</item>
/// <item>mean: double(Σx) / double(n · 10^scale);</item>
/// <item>stddev: √(double(n·Σx² − (Σx)²) / double(n·(n−1))) / 10^scale.</item>
/// <item>decayed sum: d(x) / (double(w) · double(10^scale)), decayed count: d(1) / double(w), decayed mean: d(x) / (d(1) ·
/// double(10^scale)), where w is the weight of the read time's step, and d iterates over the epochs of the window from the oldest to that
/// of the read time: d ← d / 2 + double(Σ of weighted values of the epoch).</item>
/// </list>
/// Each slash is one division of doubles, the root is rounded once, and everything in parentheses is exact.
/// </summary>
internal static class Exact
{
    public static Value Sum(Int128 sum, int scale) => scale == 0 && sum == (long)sum
        ? Value.OfInteger((long)sum)
        : Value.Of(ToDouble(sum) / FixedPoint.Power(scale));

    public static double Mean(Int128 sum, int count, int scale) => ToDouble(sum) / (count * FixedPoint.Power(scale));

    /// <summary>The sample standard deviation. Requires at least two values.</summary>
    public static double StdDev(in Totals totals, int scale)
    {
        var pairs = (double)((long)totals.Values * (totals.Values - 1));
        return Math.Sqrt(Spread(totals) / pairs) / FixedPoint.Power(scale);
    }

    /// <summary>
    /// The zero-based rank of a quantile among <paramref name="count"/> sorted values: that of the least value such that at least the given
    /// fraction is at or below it.
    /// </summary>
    public static int Rank(int billionths, int count) => Math.Max(0, (int)((((long)billionths * count) + FeaturePlan.Billion - 1) / FeaturePlan.Billion) - 1);

    /// <summary>The nearest double, ties to even.</summary>
    public static double ToDouble(Int128 value)
    {
        var small = unchecked((long)value);
        if (value == small)
        {
            return small;
        }

        return value < 0 ? -ToDouble((UInt128)(-value)) : ToDouble((UInt128)value);
    }

    public static double ToDouble(UInt128 value)
    {
        var excess = 64 - (int)UInt128.LeadingZeroCount(value);
        if (excess <= 0)
        {
            return (ulong)value;
        }

        // The upper 64 bits; the last one is set if any lower bit is lost, which decides ties.
        var upper = (ulong)(value >> excess);
        var isExact = (value & ((UInt128.One << excess) - 1)) == 0;
        return Math.ScaleB(isExact ? upper : upper | 1, excess);
    }

    // n·Σx² − (Σx)². Typical values fit in 128 bits; others use wider arithmetic.
    private static double Spread(in Totals totals)
    {
        var sum = totals.Sum;
        if (totals.Squares.IsSmall && sum > -long.MaxValue && sum < long.MaxValue)
        {
            var small = ((UInt128)totals.Squares.Low * (uint)totals.Values) - (UInt128)(sum * sum);
            return ToDouble(small);
        }

        var squares = ((BigInteger)totals.Squares.High << 128) | ((BigInteger)totals.Squares.Middle << 64) | totals.Squares.Low;
        var spread = (squares * totals.Values) - ((BigInteger)sum * sum);
        var excess = (int)Math.Max(0, spread.GetBitLength() - 64);
        var upper = (ulong)(spread >> excess);
        var isExact = (((BigInteger)upper << excess) - spread).IsZero;
        return Math.ScaleB(isExact ? upper : upper | 1, excess);
    }
}

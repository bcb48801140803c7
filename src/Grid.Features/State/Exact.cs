using Grid.Features.Plans;
using System.Numerics;

namespace Grid.Features.State;

/// <summary>
/// From exact integers to doubles, defined to the last bit. An integer becomes the nearest double, ties to even (.NET's own conversions of 128-bit and larger
/// integers do not promise that). Then:
/// <list type="bullet">
/// <item>sum: double(Σx) / 10^scale; of integers (scale 0) Σx itself, where it fits in 64 bits;</item>
/// <item>mean: double(Σx) / double(n · 10^scale);</item>
/// <item>stddev: √(double(n·Σx² − (Σx)²) / double(n·(n−1))) / 10^scale.</item>
/// <item>decayed sum: d(x) / (double(w) · double(10^scale)), decayed count: d(1) / double(w), decayed mean: d(x) / (d(1) · double(10^scale)), where w is the weight of
/// the moment's step and d goes through the epochs of the window from the oldest to the moment's own: d ← d / 2 + double(Σ of weighed values of the epoch).</item>
/// </list>
/// Each slash is one division of doubles, the root is one rounding, and everything in brackets is exact.
/// </summary>
internal static class Exact
{
    public static Value Sum(Int128 sum, int scale) => scale == 0 && sum == (long)sum
        ? Value.OfInteger((long)sum)
        : Value.Of(ToDouble(sum) / FixedPoint.Power(scale));

    public static double Mean(Int128 sum, int count, int scale) => ToDouble(sum) / (count * FixedPoint.Power(scale));

    /// <summary>The sample standard deviation; there must be two values.</summary>
    public static double StdDev(in Totals totals, int scale)
    {
        var pairs = (double)((long)totals.Values * (totals.Values - 1));
        return Math.Sqrt(Spread(totals) / pairs) / FixedPoint.Power(scale);
    }

    /// <summary>The place, from 0, of a quantile among so many values in order: that of the least value at or below which at least that part of them lies.</summary>
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

        // The upper 64 bits, the last of which also stands for anything that is lost below: it decides ties.
        var upper = (ulong)(value >> excess);
        var isExact = (value & ((UInt128.One << excess) - 1)) == 0;
        return Math.ScaleB(isExact ? upper : upper | 1, excess);
    }

    // n·Σx² − (Σx)². Values of everyday size stay within 128 bits; the rest takes the long way.
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

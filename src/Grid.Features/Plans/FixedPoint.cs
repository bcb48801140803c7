namespace Grid.Features.Plans;

/// <summary>
/// Decimal numbers as scaled 64-bit integers. Converting to a double is one division by an exact power of ten, so the result is the double
/// nearest to the true value on every machine.
/// </summary>
internal static class FixedPoint
{
    /// <summary>The maximum number of decimal places of a field.</summary>
    public const int MaxScale = 9;

    private static readonly long[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>Ten to the power of <paramref name="scale"/>, for 0 to <see cref="MaxScale"/>.</summary>
    public static long Power(int scale) => Powers[scale];

    public static double ToDouble(long scaled, int scale) => scaled / (double)Powers[scale];

    /// <summary>Scales an exact number; false if it has too many decimal places or does not fit in 64 bits.</summary>
    public static bool TryScale(decimal value, int scale, out long scaled)
    {
        scaled = 0;
        Span<int> bits = stackalloc int[4];
        decimal.TryGetBits(value, bits, out _);
        if (bits[2] == 0 && bits[1] >= 0 && value.Scale <= scale)
        {
            // The usual case: the digits fit in 63 bits and no decimal places are lost.
            var digits = ((long)bits[1] << 32) | (uint)bits[0];
            var high = Math.BigMul(digits, Powers[scale - value.Scale], out var low);
            scaled = bits[3] < 0 ? -low : low;
            return high == 0 && low >= 0;
        }

        if (value is > long.MaxValue or < long.MinValue)
        {
            return false;
        }

        var product = value * Powers[scale];
        if (product != decimal.Truncate(product) || product is > long.MaxValue or < long.MinValue)
        {
            return false;
        }

        scaled = (long)product;
        return true;
    }
}

using Grid.Features.Plans;
using System.Globalization;

namespace Grid.Features.Rows;

/// <summary>
/// Decimal numbers that went through binary arithmetic, as many files and callers hold them: 149.95000000000002 for 149.95. Such a number
/// is taken for the one it stands for; every other one that has more places than its field is left as it is, to be refused.
/// </summary>
internal static class BinaryNoise
{
    // The shortest text that gives a double back has at most so many digits. A number with more was never one.
    private const int MostDigits = 17;

    // Some fifty times what one operation may leave.
    private const decimal MostOfItself = 1e-14m;
    private const decimal MostOfLastPlace = 1e-3m;
    private static readonly UInt128 MostMantissa = UInt128.Parse(new string('9', MostDigits), CultureInfo.InvariantCulture);

    /// <summary>
    /// Scales a number as <see cref="FixedPoint.TryScale"/> does, its noise taken away first where that is all that is in the way.
    /// </summary>
    /// <param name="value">The number; without its noise afterwards.</param>
    /// <param name="scale">The places of its field.</param>
    /// <param name="scaled">The scaled number.</param>
    public static bool TryScale(ref decimal value, int scale, out long scaled)
    {
        if (FixedPoint.TryScale(value, scale, out scaled))
        {
            return true;
        }

        var rounded = decimal.Round(value, scale);
        if (!IsNoise(value, Math.Abs(value - rounded), scale) || !FixedPoint.TryScale(rounded, scale, out scaled))
        {
            return false;
        }

        value = rounded;
        return true;
    }

    private static bool IsNoise(decimal value, decimal difference, int scale) =>
        difference <= Math.Abs(value) * MostOfItself && difference <= MostOfLastPlace / FixedPoint.Power(scale) && HasDigitsOfDouble(value);

    private static bool HasDigitsOfDouble(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.TryGetBits(value, bits, out _);
        var mantissa = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        while (mantissa > MostMantissa && mantissa % 10 == 0)
        {
            mantissa /= 10;
        }

        return mantissa <= MostMantissa;
    }
}

using System.Globalization;
using Grid.Features.Plans;

namespace Grid.Features.Rows;

/// <summary>
/// Removes binary rounding noise from decimal numbers, as many files and callers send it: 149.95000000000002 becomes 149.95. Any other
/// number with more decimal places than its field is left unchanged, to be rejected.
/// </summary>
internal static class BinaryNoise
{
    // The shortest decimal that round-trips a double has at most this many digits. A number with more was never a double.
    private const int MostDigits = 17;

    // About fifty times the error of one floating-point operation.
    private const decimal MostOfItself = 1e-14m;
    private const decimal MostOfLastPlace = 1e-3m;
    private static readonly UInt128 MostMantissa = UInt128.Parse(new string('9', MostDigits), CultureInfo.InvariantCulture);

    /// <summary>
    /// Scales a number like <see cref="FixedPoint.TryScale"/>, after removing its noise if that is all that prevents scaling.
    /// </summary>
    /// <param name="value">The number; without noise on return.</param>
    /// <param name="scale">Decimal places of the field.</param>
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

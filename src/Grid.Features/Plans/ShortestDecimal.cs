using System.Globalization;
using System.Numerics;

namespace Grid.Features.Plans;

/// <summary>
/// Converts a float to the double nearest to its shortest decimal: the float 0.9, which is exactly 0.89999998, to 0.9. A score then
/// compares with a policy's constants as it is printed. The result converts back to the same float. Allocates nothing.
/// </summary>
internal static class ShortestDecimal
{
    private const int SignificandBits = 23;
    private const int SignificandMask = (1 << SignificandBits) - 1;
    private const int ExponentMask = 0xFF;
    private const int ExponentBias = 127;

    // From here on adjacent floats differ by 2 or more, so a shorter decimal than the integer itself may round-trip.
    private const float SmallestSparse = 1 << (SignificandBits + 1);

    // 10^22 is the largest power of ten that is exact as a double, so dividing a 53-bit integer by it rounds once.
    private const int MaxPlaces = 22;

    // A float needs at most nine significant digits; most scores take seven or eight.
    private const int UsualDigits = 7;
    private const int MoreDigits = 2;

    // The length of the longest float, such as -1.17549435E-38, fits.
    private const int MaxCharacters = 32;

    private static readonly double[] PowersOfTen = Powers(10.0);
    private static readonly ulong[] PowersOfFive = Powers(5UL);

    /// <summary>The double nearest to the shortest decimal of a float. Infinities and NaN are returned unchanged.</summary>
    public static double Of(float value)
    {
        if (value == MathF.Truncate(value) && MathF.Abs(value) < SmallestSparse)
        {
            return value; // A whole number; zero keeps its sign.
        }

        var bits = BitConverter.SingleToUInt32Bits(value);
        var exponent = (int)((bits >> SignificandBits) & ExponentMask) - ExponentBias;
        var places = UsualDigits + PlacesBeforeDigits(exponent);

        // At a power of two the lower neighbour is nearer than the upper one, and subnormal numbers have fewer digits: both are rare.
        return exponent < SignificandBits && places <= MaxPlaces - MoreDigits && (bits & SignificandMask) != 0
            ? Search(value, (bits & SignificandMask) | (1u << SignificandBits), SignificandBits - exponent, places)
            : float.IsFinite(value) ? FromText(value) : value;
    }

    // Of the decimals nearest to |value| = significand / 2^shift, finds the one with the fewest places that converts back to it.
    private static double Search(float value, uint significand, int shift, int places)
    {
        var size = MathF.Abs(value);
        var found = Nearest(significand, shift, places);
        if ((float)found != size)
        {
            found = Nearest(significand, shift, places + 1);
            found = (float)found == size ? found : Nearest(significand, shift, places + MoreDigits);
            return (float)found == size ? Math.CopySign(found, value) : FromText(value);
        }

        for (var fewer = places - 1; fewer >= 0 && Nearest(significand, shift, fewer) is var shorter && (float)shorter == size; fewer--)
        {
            found = shorter;
        }

        return Math.CopySign(found, value);
    }

    // The number of zeros after the decimal point (negative: digits before it), -exponent · log10(2), to within one.
    private static int PlacesBeforeDigits(int exponent) => (-exponent * 1233) >> 12;

    private static double Nearest(uint significand, int shift, int places)
    {
        // significand · 10^places / 2^shift = significand · 5^places / 2^(shift - places), rounded to the nearest integer, ties to even.
        var high = Math.BigMul(significand, PowersOfFive[places], out var low);
        return Shifted(new(high, low), shift - places) / PowersOfTen[places];
    }

    private static ulong Shifted(UInt128 product, int right)
    {
        if (right <= 0)
        {
            return (ulong)(product << -right);
        }

        var whole = product >> right;
        var rest = product - (whole << right);
        var half = UInt128.One << (right - 1);
        return (ulong)whole + (rest > half || (rest == half && (whole & 1) == 1) ? 1UL : 0);
    }

    private static double FromText(float value)
    {
        Span<char> text = stackalloc char[MaxCharacters];
        _ = value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        return double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static T[] Powers<T>(T of)
        where T : INumber<T>
    {
        var powers = new T[MaxPlaces + 1];
        powers[0] = T.One;
        for (var power = 1; power <= MaxPlaces; power++)
        {
            powers[power] = powers[power - 1] * of;
        }

        return powers;
    }
}

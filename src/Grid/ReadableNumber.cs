using System.Globalization;

namespace Grid;

/// <summary>Numbers as people read them in tables: never shortened to nothing, so that 0.000129 is not 0.</summary>
internal static class ReadableNumber
{
    /// <summary>How many digits are shown where nothing else is said.</summary>
    public const int Digits = 6;

    // From here on a double has no digits behind the point that are its own.
    private const double AllDigits = 1e15;

    /// <summary>
    /// A number rounded for reading: from 1 on to <paramref name="digits"/> places behind the point, below 1 to as many significant digits; with an exponent only below 0.00001 and
    /// from 10^15 on.
    /// </summary>
    /// <param name="number">The number.</param>
    /// <param name="digits">How many digits, from 1 to 15.</param>
    public static string Of(double number, int digits = Digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 15);
        return Math.Abs(number) switch
        {
            < 1 => number.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            < AllDigits => number.ToString("0." + new string('#', digits), CultureInfo.InvariantCulture),
            _ => number.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The value of a feature: its text, all digits of a large integer, or the number; <c>missing</c> where there is none.</summary>
    public static string Of(FeatureReading feature, int digits = Digits) =>
        feature.Text ?? feature.LargeInteger?.ToString(CultureInfo.InvariantCulture) ?? (feature.IsMissing ? "missing" : Of(feature.Value, digits));

    /// <summary>The value of an output: all digits of a large integer, or the number; <c>none</c> where there is none.</summary>
    public static string Of(DecisionOutput output, int digits = Digits) =>
        output.LargeInteger?.ToString(CultureInfo.InvariantCulture) ?? (double.IsNaN(output.Value) ? "none" : Of(output.Value, digits));
}

using System.Globalization;

namespace Grid;

/// <summary>Formats numbers for tables. Small numbers keep their significant digits: 0.000129 is not shown as 0.</summary>
internal static class ReadableNumber
{
    /// <summary>The default number of digits.</summary>
    public const int Digits = 6;

    // From 10^15 on, the digits of a double behind the point are not significant.
    private const double AllDigits = 1e15;

    /// <summary>
    /// Rounds a number for display: from 1 on to <paramref name="digits"/> decimal places, below 1 to as many significant digits. Uses an
    /// exponent only below 0.00001 and from 10^15 on.
    /// </summary>
    /// <param name="number">The number.</param>
    /// <param name="digits">The number of digits, from 1 to 15.</param>
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

    /// <summary>The value of a feature: its text, the exact large integer, or the number; <c>missing</c> if there is none.</summary>
    public static string Of(FeatureReading feature, int digits = Digits) =>
        feature.Text ?? feature.LargeInteger?.ToString(CultureInfo.InvariantCulture) ?? (feature.IsMissing ? "missing" : Of(feature.Value, digits));

    /// <summary>The value of an output: the exact large integer or the number; <c>none</c> if there is none.</summary>
    public static string Of(DecisionOutput output, int digits = Digits) =>
        output.LargeInteger?.ToString(CultureInfo.InvariantCulture) ?? (double.IsNaN(output.Value) ? "none" : Of(output.Value, digits));
}

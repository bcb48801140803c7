using Grid.Features.Plans;

namespace Grid.Features.Expressions;

/// <summary>Run-time support for compiled expressions. NaN is a missing number; no function returns an infinity.</summary>
internal static class ExpressionMath
{
    private const double MillisecondsPerHour = 3_600_000;
    private const double MillisecondsPerDay = 86_400_000;

    // The mean radius (2a + b) / 3 of the GRS 80 ellipsoid: Moritz, "Geodetic Reference System 1980".
    private const double EarthRadiusKm = 6371.0088;

    /// <summary>Returns NaN (missing) for an infinite result, such as a division by zero or an overflow.</summary>
    public static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;

    public static double Log1P(double x)
    {
        // log(1 + x) loses the digits of a small x; the correction is Kahan's (in Goldberg, ACM Computing Surveys 23(1), 1991, theorem 4).
        var u = 1 + x;
        return Finite(u == 1 ? x : Math.Log(u) * x / (u - 1));
    }

    public static double Exp(double x) => Finite(Math.Exp(x));

    /// <summary>The nearest integer; half away from zero.</summary>
    public static double Round(double x) => Math.Round(x, MidpointRounding.AwayFromZero);

    /// <summary>Hour of the day, 0 to 23, UTC.</summary>
    public static double Hour(double milliseconds) => Modulo(Math.Floor(milliseconds / MillisecondsPerHour), 24);

    /// <summary>Day of the week, Monday 1 to Sunday 7, UTC.</summary>
    public static double Weekday(double milliseconds)
    {
        // 1 January 1970 was a Thursday, three days after a Monday.
        return Modulo(Math.Floor(milliseconds / MillisecondsPerDay) + 3, 7) + 1;
    }

    /// <summary>
    /// Great-circle distance in kilometres between two points in degrees: Sinnott, "Virtues of the haversine", Sky and Telescope 68(2),
    /// 1984.
    /// </summary>
    public static double HaversineKm(double latitude1, double longitude1, double latitude2, double longitude2)
    {
        var north = Math.Sin(double.DegreesToRadians(latitude2 - latitude1) / 2);
        var east = Math.Sin(double.DegreesToRadians(longitude2 - longitude1) / 2);
        var square = (north * north)
            + (Math.Cos(double.DegreesToRadians(latitude1)) * Math.Cos(double.DegreesToRadians(latitude2)) * east * east);
        return 2 * EarthRadiusKm * Math.Asin(Math.Sqrt(Math.Clamp(square, 0, 1)));
    }

    public static bool IsOneOf(double value, double[] choices)
    {
        foreach (var choice in choices)
        {
            if (choice == value)
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsOneOf(string? value, string[] choices)
    {
        foreach (var choice in choices)
        {
            if (choice == value)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Compares two strings by UTF-16 code units; neither may be missing.</summary>
    public static int Order(string left, string right) => string.CompareOrdinal(left, right);

    public static bool IsOneOf(Value value, Value[] choices)
    {
        foreach (var choice in choices)
        {
            if (AreEqual(value, choice))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The sum of two integers; missing, like any integer result, if it does not fit in 64 bits.</summary>
    public static Value Add(Value left, Value right) => Integers(left, right, out var a, out var b) ? Fitting((Int128)a + b) : Value.Missing;

    public static Value Subtract(Value left, Value right) => Integers(left, right, out var a, out var b) ? Fitting((Int128)a - b) : Value.Missing;

    public static Value Multiply(Value left, Value right) => Integers(left, right, out var a, out var b) ? Fitting((Int128)a * b) : Value.Missing;

    /// <summary>The remainder of a division; it has the sign of the dividend.</summary>
    public static Value Remainder(Value left, Value right) =>
        Integers(left, right, out var a, out var b) && b != 0 ? Fitting((Int128)a % b) : Value.Missing;

    public static Value Negate(Value value) => value.TryGetInteger(out var integer) ? Fitting(-(Int128)integer) : Value.Missing;

    public static Value Abs(Value value) => value.TryGetInteger(out var integer) ? Fitting(Int128.Abs(integer)) : Value.Missing;

    /// <summary>The lesser of two numbers of any type; missing if either is.</summary>
    public static Value Min(Value left, Value right) =>
        left.IsMissing || right.IsMissing ? Value.Missing : left.CompareNumber(right) <= 0 ? left : right;

    public static Value Max(Value left, Value right) =>
        left.IsMissing || right.IsMissing ? Value.Missing : left.CompareNumber(right) >= 0 ? left : right;

    public static bool AreEqual(Value left, Value right) => BothThere(left, right) && left.CompareNumber(right) == 0;

    public static bool AreNotEqual(Value left, Value right) => BothThere(left, right) && left.CompareNumber(right) != 0;

    public static bool IsLess(Value left, Value right) => BothThere(left, right) && left.CompareNumber(right) < 0;

    public static bool IsLessOrEqual(Value left, Value right) => BothThere(left, right) && left.CompareNumber(right) <= 0;

    public static bool IsThere(Value value) => !value.IsMissing;

    public static double ToNumber(Value value) => value.Number;

    /// <summary>The value of an integer field.</summary>
    public static Value IntegerOf(EventRow row, int slot) => row[slot] is { IsPresent: true } value ? Value.OfInteger(value.Bits) : Value.Missing;

    public static Value IntegerOf(Value[] inputs, int index) => inputs[index];

    public static double WholeOf(EventRow row, int slot) => row[slot] is { IsPresent: true } value ? value.Bits : double.NaN;

    public static double FixedOf(EventRow row, int slot, double power) => row[slot] is { IsPresent: true } value ? value.Bits / power : double.NaN;

    public static double NumberOf(EventRow row, int slot) =>
        row[slot] is { IsPresent: true } value ? BitConverter.Int64BitsToDouble(value.Bits) : double.NaN;

    public static string? TextOf(EventRow row, int slot) => row[slot].Text;

    public static double NumberOf(Value[] inputs, int index) => inputs[index].Number;

    public static string? TextOf(Value[] inputs, int index) => inputs[index].Text;

    /// <summary>
    /// The value of an entire expression. Missing numbers have a single representation, so that results can be compared bitwise.
    /// </summary>
    public static Value ToValue(double number) => double.IsNaN(number) ? Value.Missing : new(number, null);

    public static Value ToValue(string? text) => new(double.NaN, text);

    private static bool BothThere(in Value left, in Value right) => !left.IsMissing && !right.IsMissing;

    private static bool Integers(in Value left, in Value right, out long a, out long b)
    {
        b = 0;
        return left.TryGetInteger(out a) && right.TryGetInteger(out b);
    }

    private static Value Fitting(Int128 integer) => integer == (long)integer ? Value.OfInteger((long)integer) : Value.Missing;

    private static double Modulo(double x, double by) => x - (Math.Floor(x / by) * by);
}

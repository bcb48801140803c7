using System.Globalization;

namespace Grid.Features.Plans;

/// <summary>
/// A run-time value: a number (1 or 0 for a boolean, milliseconds for a timestamp), a 64-bit integer, or a string. NaN without a string is
/// a missing value. Integers within ±2^53 are stored as doubles, so that each has one representation; larger ones keep all digits.
/// </summary>
internal readonly struct Value : IEquatable<Value>
{
    /// <summary>Every integer from -2^53 to 2^53 is exact as a double.</summary>
    public const long MaxExactInDouble = 1L << 53;

    public static readonly Value Missing = new(double.NaN, null);

    // 2^63: the least integer above the 64-bit range.
    private const double TwoTo63 = 9_223_372_036_854_775_808;

    // Marks the bits as those of a large integer; stored in place of a string.
    private static readonly object LargeInteger = new();

    private readonly long _bits;
    private readonly object? _reference;

    public Value(double number, string? text) => (_bits, _reference) = (BitConverter.DoubleToInt64Bits(number), text);

    private Value(long integer) => (_bits, _reference) = (integer, LargeInteger);

    /// <summary>The number; for an integer beyond ±2^53 the nearest double; NaN for a string or a missing value.</summary>
    public double Number => IsLarge ? _bits : BitConverter.Int64BitsToDouble(_bits);

    public string? Text => _reference as string;

    public bool IsMissing => _reference is null && double.IsNaN(BitConverter.Int64BitsToDouble(_bits));

    /// <summary>The integer if it is beyond ±2^53; null for all other values, for which <see cref="Number"/> is exact.</summary>
    public long? Large => IsLarge ? _bits : null;

    private bool IsLarge => ReferenceEquals(_reference, LargeInteger);

    public static Value Of(double number) => new(number, null);

    public static Value Of(string text) => new(double.NaN, text);

    /// <summary>Creates a value from an integer, exactly.</summary>
    public static Value OfInteger(long integer) =>
        integer is >= -MaxExactInDouble and <= MaxExactInDouble ? new(integer, null) : new(integer);

    /// <summary>Creates a value from a decimal: exactly if it is a 64-bit integer, otherwise the nearest double.</summary>
    public static Value OfDecimal(decimal number) =>
        number is >= long.MinValue and <= long.MaxValue && number == decimal.Truncate(number) ? OfInteger((long)number) : Of((double)number);

    /// <summary>Creates a value from a feature reading.</summary>
    public static Value Of(in FeatureReading reading) => reading.LargeInteger is { } large ? OfInteger(large) : new(reading.Value, reading.Text);

    /// <summary>
    /// Gets the integer; false if the value is not an integer, or is a double beyond ±2^53, which may stand for several integers.
    /// </summary>
    public bool TryGetInteger(out long integer)
    {
        if (IsLarge)
        {
            integer = _bits;
            return true;
        }

        var number = BitConverter.Int64BitsToDouble(_bits);
        integer = Math.Abs(number) <= MaxExactInDouble ? (long)number : 0;
        return integer == number;
    }

    /// <summary>Compares two numbers exactly: integers are not rounded. Neither may be a string or missing.</summary>
    public int CompareNumber(in Value other)
    {
        if (IsLarge)
        {
            return other.IsLarge ? _bits.CompareTo(other._bits) : Compare(_bits, BitConverter.Int64BitsToDouble(other._bits));
        }

        return other.IsLarge
            ? -Compare(other._bits, BitConverter.Int64BitsToDouble(_bits))
            : BitConverter.Int64BitsToDouble(_bits).CompareTo(BitConverter.Int64BitsToDouble(other._bits));
    }

    /// <summary>Whether both values are identical to the last bit: unlike equality, distinguishes 0 and -0.</summary>
    public bool IsSameAs(in Value other) => _bits == other._bits && IsLarge == other.IsLarge && Text == other.Text;

    public bool Equals(Value other) => IsLarge || other.IsLarge
        ? IsLarge && other.IsLarge && _bits == other._bits
        : Number.Equals(other.Number) && Text == other.Text;

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Number, Text);

    public override string ToString() => Text ?? Large?.ToString(CultureInfo.InvariantCulture) ?? Number.ToString(CultureInfo.InvariantCulture);

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    // A large integer never equals a number with a fraction, so the integer part decides.
    private static int Compare(long large, double number) => number switch
    {
        >= TwoTo63 => -1,
        < -TwoTo63 => 1,
        _ => large.CompareTo((long)number),
    };
}

/// <summary>A feature value read from the state.</summary>
/// <param name="Value">The value.</param>
/// <param name="NewestMilliseconds">
/// Event time of the newest event in the value, in Unix milliseconds; <see cref="Nothing"/> if there was none.
/// </param>
/// <param name="Approximate">Whether part of the window is before the retained events.</param>
internal readonly record struct ReadValue(Value Value, long NewestMilliseconds, bool Approximate)
{
    /// <summary>The newest time of a value without events.</summary>
    public const long Nothing = -1;

    /// <summary>Converts the value to a feature reading.</summary>
    /// <param name="name">The feature's full name.</param>
    /// <param name="at">The read time, in Unix milliseconds.</param>
    public FeatureReading ToReading(string name, long at) =>
        new(name, Value.Number, Value.Text, NewestMilliseconds == Nothing ? FeatureReading.NoAge : at - NewestMilliseconds, Approximate) { LargeInteger = Value.Large };
}

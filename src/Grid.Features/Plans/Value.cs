using System.Globalization;

namespace Grid.Features.Plans;

/// <summary>
/// A value at run time: a number (1 or 0 of a boolean, milliseconds of a moment), an integer of 64 bits, or text. NaN without text is a missing value.
/// Integers within ±2^53 are held as doubles, so that each has one form; larger ones keep all their digits.
/// </summary>
internal readonly struct Value : IEquatable<Value>
{
    /// <summary>Integers from -2^53 to 2^53 are doubles, all of them.</summary>
    public const long MaxExactInDouble = 1L << 53;

    public static readonly Value Missing = new(double.NaN, null);

    // 2^63: the first whole number above the 64-bit integers.
    private const double TwoTo63 = 9_223_372_036_854_775_808;

    // In the place of a text: the bits are those of a large integer.
    private static readonly object LargeInteger = new();

    private readonly long _bits;
    private readonly object? _reference;

    public Value(double number, string? text) => (_bits, _reference) = (BitConverter.DoubleToInt64Bits(number), text);

    private Value(long integer) => (_bits, _reference) = (integer, LargeInteger);

    /// <summary>The number; of an integer beyond ±2^53 the double nearest to it; NaN of a text and of a missing value.</summary>
    public double Number => IsLarge ? _bits : BitConverter.Int64BitsToDouble(_bits);

    public string? Text => _reference as string;

    public bool IsMissing => _reference is null && double.IsNaN(BitConverter.Int64BitsToDouble(_bits));

    /// <summary>The integer, where the value is one beyond ±2^53; null of all other values, of which <see cref="Number"/> is exact.</summary>
    public long? Large => IsLarge ? _bits : null;

    private bool IsLarge => ReferenceEquals(_reference, LargeInteger);

    public static Value Of(double number) => new(number, null);

    public static Value Of(string text) => new(double.NaN, text);

    /// <summary>An integer, exactly.</summary>
    public static Value OfInteger(long integer) =>
        integer is >= -MaxExactInDouble and <= MaxExactInDouble ? new(integer, null) : new(integer);

    /// <summary>A decimal number: exactly where it is an integer of 64 bits, else the double nearest to it.</summary>
    public static Value OfDecimal(decimal number) =>
        number is >= long.MinValue and <= long.MaxValue && number == decimal.Truncate(number) ? OfInteger((long)number) : Of((double)number);

    /// <summary>A feature's value as an answer holds it.</summary>
    public static Value Of(in FeatureReading reading) => reading.LargeInteger is { } large ? OfInteger(large) : new(reading.Value, reading.Text);

    /// <summary>The integer; false where the value is none, or is a double beyond ±2^53, which may stand for others beside it.</summary>
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

    /// <summary>The order of two numbers, exactly: an integer is not rounded to be compared. Neither may be text or missing.</summary>
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

    /// <summary>Whether both are the same to the last bit: unlike with equality, one zero is not the other.</summary>
    public bool IsSameAs(in Value other) => _bits == other._bits && IsLarge == other.IsLarge && Text == other.Text;

    public bool Equals(Value other) => IsLarge || other.IsLarge
        ? IsLarge && other.IsLarge && _bits == other._bits
        : Number.Equals(other.Number) && Text == other.Text;

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Number, Text);

    public override string ToString() => Text ?? Large?.ToString(CultureInfo.InvariantCulture) ?? Number.ToString(CultureInfo.InvariantCulture);

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    // A large integer is never equal to a number with a fraction, so the whole part decides.
    private static int Compare(long large, double number) => number switch
    {
        >= TwoTo63 => -1,
        < -TwoTo63 => 1,
        _ => large.CompareTo((long)number),
    };
}

/// <summary>A feature as the state reads it.</summary>
/// <param name="Value">The value.</param>
/// <param name="NewestMilliseconds">Event time of the newest thing that it is made of; <see cref="Nothing"/> where there was nothing.</param>
/// <param name="Approximate">Whether part of the window lies before what is kept exactly.</param>
internal readonly record struct ReadValue(Value Value, long NewestMilliseconds, bool Approximate)
{
    /// <summary>The newest time of a value that nothing was there to read for.</summary>
    public const long Nothing = -1;

    /// <summary>The value as an answer holds it.</summary>
    /// <param name="name">The feature's full name.</param>
    /// <param name="at">The moment of reading, in Unix milliseconds.</param>
    public FeatureReading ToReading(string name, long at) =>
        new(name, Value.Number, Value.Text, NewestMilliseconds == Nothing ? FeatureReading.NoAge : at - NewestMilliseconds, Approximate) { LargeInteger = Value.Large };
}

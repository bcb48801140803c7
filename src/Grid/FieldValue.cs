using System.Globalization;

namespace Grid;

/// <summary>
/// The value of one field as passed by the caller, before the bundle's schema is applied. Converts implicitly from the .NET types;
/// <c>default</c> is a missing value.
/// </summary>
public readonly struct FieldValue : IEquatable<FieldValue>
{
    private readonly decimal _number;
    private readonly string? _text;

    private FieldValue(FieldType given, decimal number, string? text) => (Given, _number, _text) = (given, number, text);

    /// <summary>
    /// The type that the caller passed: <see cref="FieldType.None"/> (missing), <see cref="FieldType.String"/>,
    /// <see cref="FieldType.Decimal"/> (any exact number), <see cref="FieldType.Number"/> (any double, including NaN and infinity),
    /// <see cref="FieldType.Boolean"/> or <see cref="FieldType.Timestamp"/>.
    /// </summary>
    public FieldType Given { get; }

    /// <summary>The text if <see cref="Given"/> is <see cref="FieldType.String"/>; null otherwise.</summary>
    public string? Text => _text;

    /// <summary>The exact number; 0 or 1 for a boolean; Unix milliseconds for a timestamp.</summary>
    public decimal Exact => _number;

    /// <summary>The number as a double, whichever type was passed.</summary>
    public double Number => Given == FieldType.Number
        ? BitConverter.Int64BitsToDouble((long)_number)
        : (double)_number;

    public static FieldValue Of(string? value) => value is null ? default : new(FieldType.String, 0, value);

    public static FieldValue Of(decimal value) => new(FieldType.Decimal, value, null);

    public static FieldValue Of(bool value) => new(FieldType.Boolean, value ? 1 : 0, null);

    public static FieldValue Of(EventTime value) => new(FieldType.Timestamp, value.UnixMilliseconds, null);

    /// <summary>Stored bit for bit; a decimal field accepts the value only if its shortest decimal form fits the field.</summary>
    public static FieldValue Of(double value) => new(FieldType.Number, BitConverter.DoubleToInt64Bits(value), null);

    public static implicit operator FieldValue(string? value) => Of(value);

    public static implicit operator FieldValue(decimal value) => Of(value);

    public static implicit operator FieldValue(long value) => Of((decimal)value);

    public static implicit operator FieldValue(double value) => Of(value);

    public static implicit operator FieldValue(bool value) => Of(value);

    public static implicit operator FieldValue(EventTime value) => Of(value);

    public static implicit operator FieldValue(DateTimeOffset value) => Of(EventTime.From(value));

    public static bool operator ==(FieldValue left, FieldValue right) => left.Equals(right);

    public static bool operator !=(FieldValue left, FieldValue right) => !left.Equals(right);

    public bool Equals(FieldValue other) => Given == other.Given && _number == other._number && _text == other._text;

    public override bool Equals(object? obj) => obj is FieldValue other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Given, _number, _text);

    /// <summary>The value as written in JSON, without quotes.</summary>
    public override string ToString() => Given switch
    {
        FieldType.None => "nothing",
        FieldType.String => _text!,
        FieldType.Boolean => _number != 0 ? "true" : "false",
        FieldType.Timestamp => EventTime.FromTrusted((long)_number).ToString(),
        FieldType.Number => Number.ToString("R", CultureInfo.InvariantCulture),
        _ => _number.ToString(CultureInfo.InvariantCulture),
    };
}

namespace Grid.Features.Plans;

/// <summary>
/// The compiled value of one field in a row. Integer, Decimal (scaled), Boolean (0, 1) and Timestamp (Unix milliseconds) are stored in
/// <see cref="Bits"/> as integers, a Number as the bits of the double, a String in <see cref="Text"/>.
/// </summary>
internal readonly record struct FieldSlot
{
    private FieldSlot(bool present, long bits, string? text) => (IsPresent, Bits, Text) = (present, bits, text);

    /// <summary>False for a field that was not sent and has no default.</summary>
    public bool IsPresent { get; }

    public long Bits { get; }

    public string? Text { get; }

    public static FieldSlot OfBits(long bits) => new(true, bits, null);

    public static FieldSlot OfNumber(double number) => new(true, BitConverter.DoubleToInt64Bits(number), null);

    public static FieldSlot OfText(string text) => new(true, 0, text);

    /// <summary>
    /// The slot of a computed field: rounded to its decimal places, half away from zero; missing if the value does not fit.
    /// </summary>
    public static FieldSlot Computed(Value value, FieldPlan field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (value.Text is { } text)
        {
            return OfText(text);
        }

        if (double.IsNaN(value.Number))
        {
            return default;
        }

        if (field.Type == FieldType.Number)
        {
            return OfNumber(value.Number);
        }

        if (value.TryGetInteger(out var whole))
        {
            var high = Math.BigMul(whole, FixedPoint.Power(field.Scale), out var low);
            return high == low >> 63 ? OfBits(low) : default;
        }

        var scaled = Math.Round(value.Number * FixedPoint.Power(field.Scale), MidpointRounding.AwayFromZero);
        return Math.Abs(scaled) < 1L << 62 ? OfBits((long)scaled) : default;
    }

    /// <summary>The value as used by expressions; integers are exact. Missing if there is none, or if it is a string.</summary>
    /// <param name="field">The field of the slot.</param>
    public Value ToValue(FieldPlan field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return IsPresent && field.Type == FieldType.Integer ? Value.OfInteger(Bits) : Value.Of(ToNumber(field));
    }

    /// <summary>The value as a number; NaN if it is missing or a string.</summary>
    /// <param name="field">The field of the slot.</param>
    public double ToNumber(FieldPlan field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (!IsPresent || field.Type == FieldType.String)
        {
            return double.NaN;
        }

        return field.Type switch
        {
            FieldType.Number => BitConverter.Int64BitsToDouble(Bits),
            FieldType.Decimal => FixedPoint.ToDouble(Bits, field.Scale),
            _ => Bits,
        };
    }
}

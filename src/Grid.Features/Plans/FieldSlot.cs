namespace Grid.Features.Plans;

/// <summary>
/// The value of one field in a row, in its compiled form. By field type: Integer, Decimal (scaled), Boolean (0, 1) and Timestamp (Unix
/// milliseconds) are in <see cref="Bits"/> as they are; a Number's bits are those of the double; a String is in <see cref="Text"/>.
/// </summary>
internal readonly record struct FieldSlot
{
    private FieldSlot(bool present, long bits, string? text) => (IsPresent, Bits, Text) = (present, bits, text);

    /// <summary>False of a field that was not sent and has no default.</summary>
    public bool IsPresent { get; }

    public long Bits { get; }

    public string? Text { get; }

    public static FieldSlot OfBits(long bits) => new(true, bits, null);

    public static FieldSlot OfNumber(double number) => new(true, BitConverter.DoubleToInt64Bits(number), null);

    public static FieldSlot OfText(string text) => new(true, 0, text);

    /// <summary>The slot of a field that was computed: rounded to its places, a half away from zero; missing where the value does not fit.</summary>
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

    /// <summary>The value as an expression sees it, integers exactly; missing where there is none, or where it is text.</summary>
    /// <param name="field">The field whose slot it is.</param>
    public Value ToValue(FieldPlan field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return IsPresent && field.Type == FieldType.Integer ? Value.OfInteger(Bits) : Value.Of(ToNumber(field));
    }

    /// <summary>The value as a number: NaN where it is missing or text.</summary>
    /// <param name="field">The field whose slot it is.</param>
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

using System.Globalization;
using Grid.Features.Plans;

namespace Grid.Features.Rows;

/// <summary>Converts a value sent by a caller to the slot of a field. Allocates only if there is a validation error.</summary>
internal static class FieldReader
{
    /// <summary>Reads a value that is present.</summary>
    /// <param name="value">The value sent; not missing.</param>
    /// <param name="field">The field.</param>
    /// <param name="isKey">Whether the field is the event's id or the key of an entity.</param>
    /// <param name="latest">The latest time allowed for a timestamp.</param>
    /// <param name="slot">The value in its compiled form.</param>
    /// <returns>The validation error, or null.</returns>
    public static ValidationError? Read(in FieldValue value, FieldPlan field, bool isKey, EventTime latest, out FieldSlot slot)
    {
        slot = default;
        return field.Type switch
        {
            FieldType.String => Text(value, field, isKey, out slot),
            FieldType.Integer or FieldType.Decimal => Fixed(value, field, out slot),
            FieldType.Number => Number(value, field, out slot),
            FieldType.Boolean => Boolean(value, field, out slot),
            FieldType.Timestamp => Moment(value, field, latest, out slot),
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, "A field has one of the declared types."),
        };
    }

    private static ValidationError? Text(in FieldValue value, FieldPlan field, bool isKey, out FieldSlot slot)
    {
        slot = default;
        if (value.Given != FieldType.String)
        {
            return FieldErrors.Wrong(field, value, isKey);
        }

        var text = value.Text!;
        var found = isKey ? TextCheck.FaultOfKey(text) : TextCheck.FaultOfText(text);
        if (found is not null)
        {
            return FieldErrors.Wrong(field, found, isKey);
        }

        slot = FieldSlot.OfText(text);
        return null;
    }

    private static ValidationError? Fixed(in FieldValue value, FieldPlan field, out FieldSlot slot)
    {
        slot = default;
        var read = value.Given == FieldType.String
            ? ExactNumber.ReadPlain(value.Text, out var exact) == NumberText.Exact
            : TryExact(value, out exact);
        if (!read || !BinaryNoise.TryScale(ref exact, field.Scale, out var scaled) || exact < field.Min || exact > field.Max)
        {
            return FieldErrors.Wrong(field, value, isKey: false);
        }

        slot = FieldSlot.OfBits(scaled);
        return null;
    }

    private static ValidationError? Number(in FieldValue value, FieldPlan field, out FieldSlot slot)
    {
        slot = default;
        var number = value.Given switch
        {
            FieldType.Number => value.Number,
            FieldType.Decimal => NearestDouble(value.Exact),
            _ => double.NaN,
        };
        if (!double.IsFinite(number) || (field.Min is { } min && number < (double)min) || (field.Max is { } max && number > (double)max))
        {
            return FieldErrors.Wrong(field, value, isKey: false);
        }

        slot = FieldSlot.OfNumber(number);
        return null;
    }

    private static ValidationError? Boolean(in FieldValue value, FieldPlan field, out FieldSlot slot)
    {
        slot = default;
        if (value.Given != FieldType.Boolean)
        {
            return FieldErrors.Wrong(field, value, isKey: false);
        }

        slot = FieldSlot.OfBits(value.Exact != 0 ? 1 : 0);
        return null;
    }

    private static ValidationError? Moment(in FieldValue value, FieldPlan field, EventTime latest, out FieldSlot slot)
    {
        slot = default;
        long milliseconds;
        if (value.Given == FieldType.Timestamp)
        {
            milliseconds = (long)value.Exact;
        }
        else if (value.Given == FieldType.String && EventTime.TryParse(value.Text, out var parsed))
        {
            milliseconds = parsed.UnixMilliseconds;
        }
        else if (TryExact(value, out var exact) && decimal.Truncate(exact) == exact)
        {
            milliseconds = (long)Math.Clamp(exact, -1, EventTime.MaxUnixMilliseconds + 1);
        }
        else
        {
            return FieldErrors.Wrong(field, value, isKey: false);
        }

        if (milliseconds < 0)
        {
            return FieldErrors.Early(field, value);
        }

        if (milliseconds > latest.UnixMilliseconds)
        {
            return FieldErrors.Late(field, value, latest);
        }

        slot = FieldSlot.OfBits(milliseconds);
        return null;
    }

    // A double stands for the shortest decimal that round-trips it: 0.1 means 0.1, not 0.1000000000000000055…
    private static bool TryExact(in FieldValue value, out decimal exact)
    {
        exact = value.Given == FieldType.Decimal ? value.Exact : 0;
        if (value.Given != FieldType.Number)
        {
            return value.Given == FieldType.Decimal;
        }

        Span<byte> text = stackalloc byte[32];
        return double.IsFinite(value.Number)
            && value.Number.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture)
            && ExactNumber.Read(text[..length], out exact) == NumberText.Exact;
    }

    // The framework's conversion may miss the nearest double by one bit if a number has more than 15 digits; its parser never does.
    private static double NearestDouble(decimal value)
    {
        const long Whole = 1L << 53;
        Span<int> bits = stackalloc int[4];
        decimal.TryGetBits(value, bits, out _);
        var (low, middle, high) = ((uint)bits[0], (uint)bits[1], bits[2]);
        if (high == 0 && (((ulong)middle << 32) | low) <= Whole && value.Scale <= 22)
        {
            return (double)value;
        }

        Span<char> text = stackalloc char[40];
        return value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture)
            ? double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture)
            : (double)value;
    }
}

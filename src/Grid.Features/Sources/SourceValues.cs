using System.Globalization;
using System.Text;

namespace Grid.Features;

/// <summary>Turns the text of a file into the values of fields.</summary>
internal static class SourceValues
{
    private const decimal BinaryNoise = 1e-12m;

    /// <summary>Reads a value by the type of its field; false where the text is no such value. An empty text is a missing value.</summary>
    /// <remarks>
    /// Files often hold decimal numbers that went through binary arithmetic: 85.64999999999999 for 85.65. A number for a decimal field that
    /// differs from one with the field's places by less than a millionth of a millionth part of itself is taken for that one.
    /// </remarks>
    public static bool TryRead(ReadOnlySpan<byte> text, FieldType type, int scale, SourceTimes? times, out FieldValue value)
    {
        value = default;
        if (text.IsEmpty)
        {
            return true;
        }

        switch (type)
        {
            case FieldType.String:
                value = FieldValue.Of(Encoding.UTF8.GetString(text));
                return true;
            case FieldType.Integer or FieldType.Decimal when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact):
                var rounded = decimal.Round(exact, scale);
                value = FieldValue.Of(Math.Abs(exact - rounded) <= Math.Abs(exact) * BinaryNoise ? rounded : exact);
                return true;
            case FieldType.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                value = FieldValue.Of(number);
                return true;
            case FieldType.Boolean when IsTrue(text) || IsFalse(text):
                value = FieldValue.Of(IsTrue(text));
                return true;
            case FieldType.Timestamp when TryTime(text, times, out var time):
                value = FieldValue.Of(time);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Reads ISO 8601, with a space or a T, UTC where it names no offset; or whole milliseconds since 1970; or, where the source says so, a number of
    /// its units since its moment, to the millisecond.
    /// </summary>
    public static bool TryTime(ReadOnlySpan<byte> text, SourceTimes? times, out EventTime time)
    {
        if (times is not null)
        {
            return TryCount(text, times, out time);
        }

        Span<char> characters = stackalloc char[40];
        time = default;
        if (text.Length > characters.Length)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            characters[i] = (char)text[i];
        }

        if (EventTime.TryParse(characters[..text.Length], out time))
        {
            return true;
        }

        var whole = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= EventTime.MaxUnixMilliseconds;
        time = whole ? EventTime.FromUnixMilliseconds(milliseconds) : default;
        return whole;
    }

    private static bool TryCount(ReadOnlySpan<byte> text, SourceTimes times, out EventTime time)
    {
        time = default;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var milliseconds = Math.Round((count * times.UnitMilliseconds) + times.From.UnixMilliseconds);
        var within = milliseconds is >= 0 and <= EventTime.MaxUnixMilliseconds;
        time = within ? EventTime.FromUnixMilliseconds((long)milliseconds) : default;
        return within;
    }

    /// <summary>What a text of the type looks like.</summary>
    public static string Expected(FieldType type, SourceTimes? times) => type switch
    {
        FieldType.Timestamp when times is not null => $"a number, counted in units of {times.UnitMilliseconds} ms from {times.From}, from 1970 to the year 9999",
        FieldType.Integer => "a whole number",
        FieldType.Decimal or FieldType.Number => "a number such as 12.50",
        FieldType.Boolean => "0, 1, true or false",
        FieldType.Timestamp => "a time such as 2018-07-25 00:00:29 (UTC) or 2018-07-25T02:00:29+02:00",
        _ => "text",
    };

    private static bool IsTrue(ReadOnlySpan<byte> text) => text.SequenceEqual("1"u8) || Ascii.EqualsIgnoreCase(text, "true"u8);

    private static bool IsFalse(ReadOnlySpan<byte> text) => text.SequenceEqual("0"u8) || Ascii.EqualsIgnoreCase(text, "false"u8);
}

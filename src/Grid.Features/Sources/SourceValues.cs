using System.Globalization;
using System.Text;
using Grid.Features.Plans;

namespace Grid.Features.Sources;

/// <summary>Parses the values of fields in a file.</summary>
internal static class SourceValues
{
    private const int LongestTime = 64;

    // White space around numbers is ignored.
    private static ReadOnlySpan<byte> Blanks => " \t\n\v\f\r"u8;

    /// <summary>Parses a value by the type of its field; false if the text is not such a value. An empty text is a missing value.</summary>
    /// <remarks>Decimal places and bounds of the field are validated on ingest, as for any other caller.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> text, FieldType type, SourcePlan source, out FieldValue value)
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
            case FieldType.Integer or FieldType.Decimal:
                return TryNumber(text.Trim(Blanks), out value);
            case FieldType.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                value = FieldValue.Of(number);
                return true;
            case FieldType.Boolean when IsTrue(text) || IsFalse(text):
                value = FieldValue.Of(IsTrue(text));
                return true;
            case FieldType.Timestamp when TryTime(text, source, out var time):
                value = FieldValue.Of(time);
                return true;
            default:
                return false;
        }
    }

    // A number that no decimal can hold is passed on as text: ingest rejects it and reports what was found.
    private static bool TryNumber(ReadOnlySpan<byte> text, out FieldValue value)
    {
        var read = ExactNumber.Read(text, out var exact);
        value = read switch
        {
            NumberText.Exact => FieldValue.Of(exact),
            NumberText.Inexact => FieldValue.Of(Encoding.ASCII.GetString(text)),
            _ => default,
        };
        return read != NumberText.None;
    }

    /// <summary>
    /// Parses ISO 8601, with a space or a T, in UTC or the source's time zone if it has no offset; or milliseconds since 1970; or, if the
    /// source declares it, a number of units since an origin, to the millisecond.
    /// </summary>
    public static bool TryTime(ReadOnlySpan<byte> text, SourcePlan source, out EventTime time)
    {
        if (source.Times is { } times)
        {
            return TryCount(text, times, out time);
        }

        Span<char> characters = stackalloc char[LongestTime];
        time = default;
        if (text.Length > characters.Length)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            characters[i] = (char)text[i];
        }

        if (EventTime.TryParse(characters[..text.Length], source.Zone, out time))
        {
            return true;
        }

        var whole = ExactNumber.Read(text, out var milliseconds) == NumberText.Exact
            && milliseconds is >= 0 and <= EventTime.MaxUnixMilliseconds && decimal.Truncate(milliseconds) == milliseconds;
        time = whole ? EventTime.FromUnixMilliseconds((long)milliseconds) : default;
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

    /// <summary>Describes the expected format of a type.</summary>
    public static string Expected(FieldType type, SourcePlan source) => type switch
    {
        FieldType.Timestamp when source.Times is { } times =>
            $"a number, counted in units of {times.UnitMilliseconds} ms from {times.From}, from 1970 to the year 9999",
        FieldType.Integer => "a whole number",
        FieldType.Decimal or FieldType.Number => "a number such as 12.50",
        FieldType.Boolean => "0, 1, true or false",
        FieldType.Timestamp => $"a time such as 2018-07-25 00:00:29 ({source.Zone?.Id ?? "UTC"}) or 2018-07-25T02:00:29+02:00",
        _ => "text",
    };

    private static bool IsTrue(ReadOnlySpan<byte> text) => text.SequenceEqual("1"u8) || Ascii.EqualsIgnoreCase(text, "true"u8);

    private static bool IsFalse(ReadOnlySpan<byte> text) => text.SequenceEqual("0"u8) || Ascii.EqualsIgnoreCase(text, "false"u8);
}

using System.Globalization;
using System.Text;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions;

/// <summary>Parses field types and their values as written in bundles.</summary>
internal static class FieldTypes
{
    public const string Expected = "string, integer, decimal(0) to decimal(9), number, boolean or timestamp";

    private static readonly Dictionary<string, (FieldType Type, int Scale)> Known = MakeKnown();

    /// <summary>An example value of each type, for diagnostics.</summary>
    public static readonly IReadOnlyDictionary<FieldType, string> Examples = new Dictionary<FieldType, string>
    {
        [FieldType.String] = "a text",
        [FieldType.Integer] = "a whole number",
        [FieldType.Decimal] = "a number with no more decimal places than the field has",
        [FieldType.Number] = "a number",
        [FieldType.Boolean] = "true or false",
        [FieldType.Timestamp] = "a time such as 2026-01-31T12:00:00Z",
    };

    /// <summary>Whether a type can have a minimum and a maximum.</summary>
    public static bool IsBounded(FieldType type) => type is FieldType.Integer or FieldType.Decimal or FieldType.Number;

    public static bool TryParse(string text, out FieldType type, out int scale)
    {
        var found = Known.TryGetValue(text, out var known);
        (type, scale) = known;
        return found;
    }

    // There are ten decimal types, so a misspelt one gets no suggestion.
    public static string Hint(string text) =>
        NearNames.Of(text, Known.Keys) is [var near, ..] && !near.Contains('(', StringComparison.Ordinal) ? $" Did you mean '{near}'?" : "";

    public static bool TryParseValue(string text, FieldType type, int scale, out FieldSlot slot)
    {
        FieldSlot? parsed = type switch
        {
            FieldType.String => FieldSlot.OfText(text),
            FieldType.Integer or FieldType.Decimal => Scaled(text, scale),
            FieldType.Number => TryParseDouble(text, out var number) ? FieldSlot.OfNumber(number) : null,
            FieldType.Boolean => text switch { "true" => FieldSlot.OfBits(1), "false" => FieldSlot.OfBits(0), _ => null },
            FieldType.Timestamp => EventTime.TryParse(text, out var time) ? FieldSlot.OfBits(time.UnixMilliseconds) : null,
            _ => null,
        };
        slot = parsed ?? default;
        return parsed is not null;
    }

    /// <summary>Parses a number; false if a decimal cannot hold it exactly.</summary>
    public static bool TryParseNumber(string text, out decimal number)
    {
        return ExactNumber.Read(Encoding.UTF8.GetBytes(text), out number) == NumberText.Exact;
    }

    private static bool TryParseDouble(string text, out double number)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Plain, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    // An integer has a scale of 0.
    private static FieldSlot? Scaled(string text, int scale) =>
        TryParseNumber(text, out var exact) && FixedPoint.TryScale(exact, scale, out var bits) ? FieldSlot.OfBits(bits) : null;

    private static Dictionary<string, (FieldType Type, int Scale)> MakeKnown()
    {
        var known = new Dictionary<string, (FieldType, int)>(StringComparer.Ordinal)
        {
            ["string"] = (FieldType.String, 0),
            ["integer"] = (FieldType.Integer, 0),
            ["number"] = (FieldType.Number, 0),
            ["boolean"] = (FieldType.Boolean, 0),
            ["timestamp"] = (FieldType.Timestamp, 0),
        };
        for (var scale = 0; scale <= FixedPoint.MaxScale; scale++)
        {
            known[$"decimal({scale})"] = (FieldType.Decimal, scale);
        }

        return known;
    }
}

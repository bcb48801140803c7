using Grid.Features.Definitions.Yaml;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>Reads what a feature is where there is nothing to make it of: <c>empty: 0</c>.</summary>
internal static class EmptyReader
{
    /// <summary>The value; null where the key is not there, or (told) is at fault.</summary>
    public static Value? Read(bool isText, MapReader reader, DiagnosticList faults)
    {
        if (reader.Value("empty", isText ? "a text" : "a number", isText) is not { } text)
        {
            return null;
        }

        if (isText)
        {
            return Value.Of(text.Text);
        }

        if (text.Text is "true" or "false")
        {
            return Value.Of(text.Text == "true" ? 1 : 0);
        }

        if (FieldTypes.TryParseNumber(text.Text, out var number))
        {
            return Value.OfDecimal(number);
        }

        faults.Add(text, $"Expected a number, found {text.Words}.");
        return null;
    }

    /// <summary>How a definition ends, in words.</summary>
    public static string Words(Value? empty) =>
        empty is { } value ? $", {(value.Text is "" ? "''" : value.ToString())} where empty" : "";
}

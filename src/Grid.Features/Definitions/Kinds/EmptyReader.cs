using Grid.Features.Definitions.Yaml;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>Reads the value of a feature over an empty window: <c>empty: 0</c>.</summary>
internal static class EmptyReader
{
    /// <summary>The value; null if the key is absent or (with a diagnostic) invalid.</summary>
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

    /// <summary>The end of the definition in readable form.</summary>
    public static string Words(Value? empty) =>
        empty is { } value ? $", {(value.Text is "" ? "''" : value.ToString())} where empty" : "";
}

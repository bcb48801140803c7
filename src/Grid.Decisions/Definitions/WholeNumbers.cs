using System.Globalization;
using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;

namespace Grid.Decisions.Definitions;

/// <summary>Reads integers in bundles.</summary>
internal static class WholeNumbers
{
    /// <summary>The integer of a key; null (with a diagnostic) if it is invalid, out of bounds, or absent without a default.</summary>
    public static int? Read(MapReader reader, string key, int? otherwise, int least, int most, DiagnosticList faults)
    {
        var expected = $"a whole number from {least} to {most}";
        if (otherwise is null)
        {
            reader.Require(key, expected);
        }

        if (reader.Text(key, expected) is not { } text)
        {
            return reader.Map[key] is null ? otherwise : null;
        }

        if (int.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        faults.Add(text, $"Expected {expected}, found {text.Words}.");
        return null;
    }
}

using System.Globalization;

namespace Grid.Cli;

/// <summary>Columns of plain text, as wide as they need to be: the first to the left, numbers to the right, no control characters.</summary>
internal static class TextTable
{
    public static void Write(TextWriter to, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            to.WriteLine(string.Join("  ", row.Select((text, column) => column == 0 ? text.PadRight(widths[0]) : text.PadLeft(widths[column]))).TrimEnd());
        }
    }

    /// <summary>Features with their values and ages.</summary>
    public static void Write(TextWriter to, IReadOnlyList<FeatureReading> features) =>
        Write(to, [["feature", "value", "age"], .. features.Select(feature => new[] { feature.Name, Value(feature), Age(feature) })]);

    public static string Value(FeatureReading feature) =>
        ReadableNumber.Of(feature) + (feature.Approximate ? " ~" : "");

    private static string Age(FeatureReading feature) => feature.AgeMilliseconds switch
    {
        FeatureReading.NoAge => "-",
        < 1_000 => $"{feature.AgeMilliseconds} ms",
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{feature.AgeMilliseconds / 1e3:0.#} s"),
        < 3_600_000 => string.Create(CultureInfo.InvariantCulture, $"{feature.AgeMilliseconds / 60e3:0.#} min"),
        < 86_400_000 => string.Create(CultureInfo.InvariantCulture, $"{feature.AgeMilliseconds / 3_600e3:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{feature.AgeMilliseconds / 86_400e3:0.#} d"),
    };
}

using System.Text;

namespace Grid.Gateway.Metrics;

/// <summary>
/// Converts instrument names to Prometheus: letters, digits and underscores, the full unit, and <c>_total</c> for a counter.
/// </summary>
internal static class PrometheusName
{
    public static string Of(string instrument, string? unit, FamilyKind kind)
    {
        var name = new StringBuilder(Letters(instrument));
        Append(name, UnitName(unit, kind));
        Append(name, kind == FamilyKind.Counter ? "total" : "");
        return name.ToString();
    }

    /// <summary>
    /// Converts a tag's name to a label name: every character except letters, digits and underscores becomes an underscore.
    /// </summary>
    public static string Letters(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return name.Length > 0 && char.IsAsciiDigit(name[0]) ? "_" + name : name.ToString();
    }

    private static string UnitName(string? unit, FamilyKind kind) => unit switch
    {
        null or "" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "1" => kind == FamilyKind.Gauge ? "ratio" : "",
        ['{', ..] => "", // an annotation such as {event}; the name already contains it
        _ => Letters(unit),
    };

    private static void Append(StringBuilder name, string suffix)
    {
        if (suffix.Length != 0 && !name.ToString().EndsWith("_" + suffix, StringComparison.Ordinal))
        {
            name.Append('_').Append(suffix);
        }
    }
}

using System.Globalization;
using System.Text;

namespace Grid.Gateway.Metrics;

/// <summary>Writes the Prometheus text exposition format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Family> families)
    {
        var text = new StringBuilder(16 << 10);
        // Instruments with the same name (two engines in a process) form one family, because the format allows each name only once.
        foreach (var named in families.Where(family => family.Series.Length > 0).GroupBy(family => family.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var first = named.First();
            text.Append("# HELP ").Append(first.Name).Append(' ').Append(Escape(first.Description, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(first.Name).Append(' ').Append(TypeOf(first.Kind)).Append('\n');
            foreach (var family in named)
            {
                foreach (var series in family.Series)
                {
                    Write(text, family, series);
                }
            }
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Family family, Series series)
    {
        var labels = Labels(series.Tags);
        if (family.Kind != FamilyKind.Histogram)
        {
            Line(text, family.Name, labels, series.Value);
            return;
        }

        var bounds = family.Bounds;
        var total = 0L;
        for (var i = 0; i <= bounds.Length; i++)
        {
            total += Volatile.Read(in series.Buckets[i]);
            var upper = i == bounds.Length ? "+Inf" : Number(bounds[i]);
            Line(text, family.Name + "_bucket", $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{upper}\"", total);
        }

        Line(text, family.Name + "_sum", labels, series.Value);
        Line(text, family.Name + "_count", labels, total);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(PrometheusName.Letters(key)).Append("=\"")
                .Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quotes: true)).Append('"');
        }

        return text.ToString();
    }

    private static string Escape(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string TypeOf(FamilyKind kind) => kind switch
    {
        FamilyKind.Counter => "counter",
        FamilyKind.Gauge => "gauge",
        FamilyKind.Histogram => "histogram",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A family has one of the declared kinds."),
    };
}

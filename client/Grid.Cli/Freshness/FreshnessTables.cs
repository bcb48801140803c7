using System.Globalization;

namespace Grid.Cli.Freshness;

/// <summary>Writes the report: what is lost by age and by absence, then what each tier costs.</summary>
internal static class FreshnessTables
{
    public static void Write(TextWriter to, FreshnessResults results)
    {
        if (results.Judged == 0)
        {
            throw new UsageException($"No decision could be judged by '{results.Truth.Words}' in this time; another --from, --to, --only or --label would do.");
        }

        var all = Enumerable.Range(0, results.Subjects[^1].Removed + 1).Select(results.Figures).ToList();
        var yes = results.Truth.IsYesOrNo;
        to.WriteLine($"{results.Decision.Name}, judged by {results.Truth.Words}: {Count(results.Judged)} of {Count(results.Decisions)} decisions over {Number(results.Seconds / 86_400, "0.0")} d");
        if (yes)
        {
            to.WriteLine($"as made: recall {Percent(all[0].First)} of {Count(results.True)} with {Count(results.Alerts)} alerts ('{results.Alert}'), average precision {Number(all[0].Second, "0.000")}");
            Lost(to, "recall lost, in points, with as many alerts", results, variation => (all[0].First - all[variation].First) * 100, "0.0");
            Lost(to, "average precision lost, times 1,000", results, variation => (all[0].Second - all[variation].Second) * 1000, "0");
        }
        else
        {
            to.WriteLine($"as made: mean absolute error {Number(all[0].First, "0.0")} s{(double.IsNaN(all[0].Second) ? "" : $", range covers {Percent(all[0].Second)}")}");
            Lost(to, "mean absolute error grown, in seconds", results, variation => all[variation].First - all[0].First, "0.0");
            if (!double.IsNaN(all[0].Second))
            {
                Lost(to, "coverage lost, in points", results, variation => (all[0].Second - all[variation].Second) * 100, "0.0");
            }
        }

        Costs(to, results);
    }

    private static void Lost(TextWriter to, string title, FreshnessResults results, Func<int, double> lost, string format)
    {
        to.WriteLine();
        to.WriteLine(title);
        List<string[]> rows = [["feature", "tier", .. Ages.Names.Skip(1), "removed"]];
        foreach (var subject in results.Subjects)
        {
            var aged = Enumerable.Range(1, Ages.Names.Length - 1).Select(age => subject.Aged(age) is { } variation ? Number(lost(variation), format) : "-");
            rows.Add([subject.Name, subject.Tier, .. aged, Number(lost(subject.Removed), format)]);
        }

        TextTable.Write(to, rows);
    }

    private static void Costs(TextWriter to, FreshnessResults results)
    {
        to.WriteLine();
        to.WriteLine("reads of owners a second, where a copy may be so old");
        List<string[]> rows = [["kind", "tier", .. Ages.Names, "entities", "bytes of copies", "µs a read"]];
        foreach (var costs in results.Costs)
        {
            var batch = costs.Read.Features.Count(feature => costs.Read.Kind.Features[feature].Batch is not null);
            var tier = batch == 0 ? "streaming" : batch == costs.Read.Features.Length ? "batch" : "streaming, batch";
            var reads = Enumerable.Range(0, Ages.Names.Length).Select(age => Number(costs.Reads(age) / results.Seconds, "0.000"));
            rows.Add([costs.Read.Kind.Name + (costs.IsOwn ? " (owner)" : ""), tier, .. reads, Count(costs.Entities), Count(costs.BytesOfCopies), Number(costs.Nanoseconds / 1e3, "0.0")]);
        }

        var asked = results.Subjects.Count(subject => subject.Element >= 0);
        rows.Add(["request", "on demand", .. Ages.Names.Select(_ => "0.000"), "0", "0", "0.0"]);
        TextTable.Write(to, rows);
        to.WriteLine($"The owner reads itself in its own turn; {asked} elements of the vector come with the request. The streaming tier keeps {Count(results.Bytes)} bytes of {Count(results.Entities)} entities.");
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double part) => Number(part * 100, "0.0") + " %";

    // A loss that rounds to nothing is 0, not minus 0.
    private static string Number(double number, string format)
    {
        var text = number.ToString(format, CultureInfo.InvariantCulture);
        return text.StartsWith('-') && text.All(sign => sign is '-' or '0' or '.') ? text[1..] : text;
    }
}

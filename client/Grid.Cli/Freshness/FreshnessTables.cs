using System.Globalization;

namespace Grid.Cli.Freshness;

/// <summary>Writes the report: what is lost by age and by absence, then what each tier costs.</summary>
internal static class FreshnessTables
{
    public static void Write(TextWriter to, FreshnessResults results)
    {
        if (results.Judged == 0)
        {
            throw new UsageException($"No decision can be judged by '{results.Truth.Words}' in this time; expected another --from, --to, --only or --label.");
        }

        var all = Enumerable.Range(0, results.Subjects[^1].Removed + 1).Select(results.Figures).ToList();
        var yes = results.Truth.IsYesOrNo;
        to.WriteLine($"{results.Decision.Name}, judged by {results.Truth.Words}: {Count(results.Judged)} of {Count(results.Decisions)} decisions over {Number(results.Seconds / 86_400, "0.0")} d");
        if (yes)
        {
            to.WriteLine($"as made: recall {Percent(all[0].First)} of {Count(results.True)} with {Count(results.Alerts)} alerts ('{results.Alert}'), average precision {Number(all[0].Second, "0.000")}");
            Lost(to, "recall lost, in points, with as many alerts", results.Subjects, variation => (all[0].First - all[variation].First) * 100, "0.0");
            Lost(to, "average precision lost, times 1,000", results.Subjects, variation => (all[0].Second - all[variation].Second) * 1000, "0");
        }
        else
        {
            to.WriteLine($"as made: mean absolute error {Number(all[0].First, "0.0")} s{(double.IsNaN(all[0].Second) ? "" : $", range covers {Percent(all[0].Second)}")}");
            Lost(to, "mean absolute error grown, in seconds", results.Subjects, variation => all[variation].First - all[0].First, "0.0");
            if (!double.IsNaN(all[0].Second))
            {
                Lost(to, "coverage lost, in points", results.Subjects, variation => (all[0].Second - all[variation].Second) * 100, "0.0");
            }
        }

        Costs(to, results.Subjects, results.Costs, results.Seconds, (results.Entities, results.Bytes));
    }

    public static void Write(TextWriter to, RankingResults results)
    {
        if (results.Judged == 0)
        {
            throw new UsageException("No ranking has a chosen candidate in this time; expected another --from or --to, or other columns of what was shown.");
        }

        var all = Enumerable.Range(0, results.Subjects[^1].Removed + 1).Select(results.Figures).ToList();
        to.WriteLine($"{results.Decision.Name}, judged by what was chosen: {Count(results.Judged)} of {Count(results.Rankings)} rankings over {Number(results.Seconds / 86_400, "0.0")} d, {Count(results.Candidates)} candidates");
        to.WriteLine($"as scored: NDCG@{Places.Counted} {Number(all[0].Ndcg, "0.000")}, chosen among the first {Places.First} in {Percent(all[0].Hits)}");
        to.WriteLine($"made again from the same values: {Count(results.Compared)} candidates of which every owner had answered came out the same but {Count(results.Unequal)}");
        Lost(to, $"NDCG@{Places.Counted} lost, times 1,000", results.Subjects, variation => (all[0].Ndcg - all[variation].Ndcg) * 1000, "0.0");
        Lost(to, $"chosen among the first {Places.First}, points lost", results.Subjects, variation => (all[0].Hits - all[variation].Hits) * 100, "0.0");
        Costs(to, results.Subjects, results.Costs, results.Seconds, (results.Entities, results.Bytes));
    }

    private static void Lost(TextWriter to, string title, IReadOnlyList<Subject> subjects, Func<int, double> lost, string format)
    {
        to.WriteLine();
        to.WriteLine(title);
        List<string[]> rows = [["feature", "tier", .. Ages.Names.Skip(1), "removed"]];
        foreach (var subject in subjects)
        {
            var aged = Enumerable.Range(1, Ages.Names.Length - 1).Select(age => subject.Aged(age) is { } variation ? Number(lost(variation), format) : "-");
            rows.Add([subject.Name, subject.Tier, .. aged, Number(lost(subject.Removed), format)]);
        }

        TextTable.Write(to, rows);
    }

    private static void Costs(TextWriter to, IReadOnlyList<Subject> subjects, IReadOnlyList<ReadCosts> all, double seconds, (int Entities, long Bytes) held)
    {
        to.WriteLine();
        to.WriteLine("reads of owners a second, where a copy may be so old");
        List<string[]> rows = [["kind", "tier", .. Ages.Names, "entities", "bytes of copies", "µs a read"]];
        foreach (var costs in all)
        {
            var batch = costs.Read.Features.Count(feature => costs.Read.Kind.Features[feature].Batch is not null);
            var tier = batch == 0 ? "streaming" : batch == costs.Read.Features.Length ? "batch" : "streaming, batch";
            var reads = Enumerable.Range(0, Ages.Names.Length).Select(age => Number(costs.Reads(age) / seconds, "0.000"));
            rows.Add([costs.Read.Kind.Name + (costs.IsOwn ? " (owner)" : ""), tier, .. reads, Count(costs.Entities), Count(costs.BytesOfCopies), Number(costs.Nanoseconds / 1e3, "0.0")]);
        }

        var asked = subjects.Count(subject => subject.Element >= 0);
        rows.Add(["request", "on demand", .. Ages.Names.Select(_ => "0.000"), "0", "0", "0.0"]);
        TextTable.Write(to, rows);
        to.WriteLine($"The owner reads itself in its own turn; {asked} elements of the vector come with the request. The streaming tier keeps {Count(held.Bytes)} bytes of {Count(held.Entities)} entities.");
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

using System.Globalization;
using Spectre.Console;

namespace Grid.Silo.Demo.Eats;

/// <summary>What the day came to, and where to look next.</summary>
internal static class EatsReport
{
    public static void Tell(EatsDay day, Uri address, bool exit)
    {
        var sorted = day.Latencies.Order().ToArray();
        var (early, late) = (day.Arrivals.Where(arrival => IsEarly(day, arrival)).ToList(), day.Arrivals.Where(arrival => !IsEarly(day, arrival)).ToList());
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("what", "figure");
        Row("Orders", $"{sorted.Length:N0}, and {day.Events - sorted.Length:N0} other events, in {day.Took.TotalSeconds:F1} s");
        if (sorted.Length > 0)
        {
            Row("Answered within", $"{sorted[sorted.Length / 2].TotalMilliseconds:F2} ms (median), {sorted[(int)(sorted.Length * 0.99)].TotalMilliseconds:F2} ms (99 of 100), over HTTP, on disk before the answer");
        }

        Row("Delivered", $"{day.Arrivals.Count:N0}, after {Mean(day.Arrivals, arrival => arrival.Seconds) / 60:F1} minutes on average");
        Tell("before 18:00", early);
        Tell("from 18:00 on", late);
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine("The model learned from a real month of another place; from 50 deliveries of an area on, what was delivered there moves its answers.");
        if (exit)
        {
            return;
        }

        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLine("[bold]Where to look next[/]");
        AnsiConsole.MarkupLineInterpolated($"  Decisions as they happen   [blue]{address}[/]");
        AnsiConsole.MarkupLine("  Ask it yourself:");
        var at = day.Start.AddHours(21).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Console.WriteLine($"curl -s '{new Uri(address, $"/v1/entities/courier_area/harbour/features?at={at}")}'");
        Console.WriteLine(
            $$"""curl -s {{new Uri(address, "/v1/decisions/eta")}} -H 'Content-Type: application/json' -d '{"order_id":"mine-1","at":"{{at}}","user":"u1","restaurant":"r1","courier_area":"harbour","is_asap":true,"order_total":31.50}'""");
        AnsiConsole.MarkupLine("The silo goes on serving. Ctrl-C ends it.");

        void Tell(string when, List<EatsArrival> arrivals)
        {
            if (arrivals.Count > 0)
            {
                Row($"Placed {when}", $"off by {Mean(arrivals, a => Math.Abs(a.Seconds - a.Output("eta_p50_s"))) / 60:F1} minutes; {Share(arrivals, "eta_"):F0} % inside the range said (the model alone: {Mean(arrivals, a => Math.Abs(a.Seconds - a.Output("p50_s"))) / 60:F1} minutes, {Share(arrivals, ""):F0} %)");
            }
        }

        void Row(string what, FormattableString figure) => table.AddRow(Markup.Escape(what), Markup.Escape(figure.ToString(CultureInfo.InvariantCulture)));
    }

    private static bool IsEarly(EatsDay day, EatsArrival arrival) => arrival.PlacedAt < day.Start.AddHours(18);

    private static double Share(List<EatsArrival> arrivals, string prefix) =>
        Mean(arrivals, a => a.Seconds >= a.Output(prefix + "p20_s") && a.Seconds <= a.Output(prefix + "p80_s") ? 100 : 0);

    private static double Mean(IReadOnlyCollection<EatsArrival> arrivals, Func<EatsArrival, double> of) => arrivals.Select(of).DefaultIfEmpty(double.NaN).Average();
}

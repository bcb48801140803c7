using System.Globalization;
using Spectre.Console;

namespace Grid.Silo.Demo.Eats;

/// <summary>What the day came to, and where to look next.</summary>
internal static class EatsReport
{
    public static void Tell(EatsDay day, Uri address, string tastes, bool exit)
    {
        var sorted = day.Latencies.Order().ToArray();
        var (early, late) = (day.Arrivals.Where(arrival => IsEarly(day, arrival)).ToList(), day.Arrivals.Where(arrival => !IsEarly(day, arrival)).ToList());
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("what", "figure");
        var ranked = day.Rankings.Latencies.Order().ToArray();
        var choices = day.Rankings.Choices;
        Row("Events", $"{day.Events:N0} in {day.Took.TotalSeconds:F1} s");
        Row("Searches ranked", $"{ranked.Length:N0}, {Within(ranked)}");
        Row("  ordered from", $"{choices.Count:N0} of them: the restaurant was among the first five of 20 in {First(choices, choice => choice.Place <= 5):F0} %, by distance alone in {First(choices, choice => choice.PlaceByDistance <= 5):F0} %");
        Row("  past the deadline", $"{day.Rankings.TimedOut:N0} had something that did not come within 20 ms; each answer says what, and what took its place: in {day.Rankings.Late:N0} the small model scored candidates of which nothing was known");
        Row("Orders", $"{sorted.Length:N0}, {Within(sorted)}");
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
            $$"""curl -s {{new Uri(address, "/v1/decisions/rank")}} -H 'Content-Type: application/json' -d '{"search_id":"mine-1","at":"{{at}}","user":"u1","searched":"thai","basket":30,"candidates":[{"restaurant":"r1","courier_area":"harbour","cuisine":"thai","distance_km":1.2},{"restaurant":"r2","courier_area":"mills","cuisine":"sushi","distance_km":0.7}]}'""");
        Console.WriteLine(
            $$"""curl -s {{new Uri(address, "/v1/decisions/eta")}} -H 'Content-Type: application/json' -d '{"order_id":"mine-1","at":"{{at}}","user":"u1","restaurant":"r1","courier_area":"harbour","is_asap":true,"order_total":31.50}'""");
        AnsiConsole.MarkupLine("  All features by tier, and the night's batch file again:");
        Console.WriteLine($"./grid features list --bundle bundles/eats --url {address}");
        Console.WriteLine($"./grid batch load {tastes} --bundle bundles/eats --kind user --url {address}");
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

    private static string Within(TimeSpan[] sorted) => sorted.Length == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $"answered within {sorted[sorted.Length / 2].TotalMilliseconds:F2} ms (median), {sorted[(int)(sorted.Length * 0.99)].TotalMilliseconds:F2} ms (99 of 100), over HTTP, on disk before the answer");

    private static double First(IReadOnlyCollection<EatsChoice> choices, Func<EatsChoice, bool> of) =>
        choices.Select(choice => of(choice) ? 100.0 : 0).DefaultIfEmpty(double.NaN).Average();

    private static bool IsEarly(EatsDay day, EatsArrival arrival) => arrival.PlacedAt < day.Start.AddHours(18);

    private static double Share(List<EatsArrival> arrivals, string prefix) =>
        Mean(arrivals, a => a.Seconds >= a.Output(prefix + "p20_s") && a.Seconds <= a.Output(prefix + "p80_s") ? 100 : 0);

    private static double Mean(IReadOnlyCollection<EatsArrival> arrivals, Func<EatsArrival, double> of) => arrivals.Select(of).DefaultIfEmpty(double.NaN).Average();
}

using System.Globalization;
using Spectre.Console;

namespace Grid.Silo.Demo;

/// <summary>What the day came to, and where to look next.</summary>
internal static class DemoReport
{
    public static void Tell(DemoDay day, Uri address, DemoWorld world, bool exit)
    {
        var figures = DemoFigures.Of(day.Answers);
        var (p50, p99) = DemoFigures.Latencies(day.Answers);
        var caught = figures.FraudsDeclined + figures.FraudsReviewed;
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("what", "figure");
        Row("Decisions", $"{figures.Payments:N0} in {day.Took.TotalSeconds:F1} s");
        Row("Answered within", $"{p50.TotalMilliseconds:F2} ms (median), {p99.TotalMilliseconds:F2} ms (99 of 100), over HTTP, on disk before the answer");
        Row("Frauds", $"{figures.Frauds}");
        Row("  caught", $"{caught} ({Share(caught, figures.Frauds)}): {figures.FraudsDeclined} declined, {figures.FraudsReviewed} sent to review");
        Row("  let through", $"{figures.Frauds - caught}");
        Row("False alarms", $"{figures.GoodDeclined} good payments declined, {figures.GoodReviewed} reviewed, of {figures.Payments - figures.Frauds:N0}");
        Row("Precision of declines", Share(figures.FraudsDeclined, figures.FraudsDeclined + figures.GoodDeclined));
        Row("AUC ROC of the scores", $"{figures.Auc:F3}");
        AnsiConsole.Write(table);
        if (exit)
        {
            return;
        }

        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLine("[bold]Where to look next[/]");
        AnsiConsole.MarkupLineInterpolated($"  Decisions as they happen   [blue]{address}[/]");
        AnsiConsole.MarkupLineInterpolated($"  What can be asked          [blue]{new Uri(address, "/openapi/v1.json")}[/] and docs/http.md");
        AnsiConsole.MarkupLine("  Ask it yourself:");
        Console.WriteLine(CurlOf(address, world));
        Console.WriteLine($"curl -s '{new Uri(address, $"/v1/entities/card/{world.Day[^1].CustomerId}/features?at={world.DayStart.AddDays(1):yyyy-MM-dd'T'HH:mm:ss'Z'}")}'");
        AnsiConsole.MarkupLine("  The other use case, a city of restaurants and couriers:");
        Console.WriteLine("dotnet run -c Release --project silo -- demo eats");
        AnsiConsole.MarkupLine("The silo goes on serving. Ctrl-C ends it.");

        void Row(string what, FormattableString figure) => table.AddRow(Markup.Escape(what), Markup.Escape(figure.ToString(CultureInfo.InvariantCulture)));
    }

    private static FormattableString Share(int part, int whole) => $"{(whole == 0 ? double.NaN : 100.0 * part / whole):F1} %";

    private static string CurlOf(Uri address, DemoWorld world)
    {
        var last = world.Day[^1];
        var at = world.DayStart.AddDays(1).AddHours(3);
        return string.Create(CultureInfo.InvariantCulture,
            $$"""curl -s {{new Uri(address, "/v1/decisions/authorize")}} -H 'Content-Type: application/json' -d '{"transaction_id":"mine-1","at":"{{at:yyyy-MM-dd'T'HH:mm:ss'Z'}}","card":"{{last.CustomerId}}","terminal":"{{last.TerminalId}}","amount":240.00}'""");
    }
}

using System.Diagnostics;
using Grid.Simulation.Eats;
using Spectre.Console;

namespace Grid.Silo.Demo.Eats;

/// <summary>
/// <c>demo eats</c>: starts a silo with the eats bundle, tells it the history of a simulated city, drives one day of it through HTTP with a ranking
/// for each search and an arrival time for each order, says how good these were, and goes on serving.
/// </summary>
internal static class EatsDemo
{
    private const string OwnFolder = "data/demo-eats";
    private const string DefaultUrl = "http://127.0.0.1:8081";

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = EatsDemoOptions.Parse(args);
            string[] settings = [.. Default(options, "bundle", "bundles/eats"), .. Default(options, "urls", DefaultUrl), .. options.SiloArguments];
            await DemoSilo.RunAsync(settings, OwnFolder, options.Data, options.Exit, (address, stopping) => ShowAsync(options, address, stopping));
            return 0;
        }
        catch (Exception raised) when (SiloFaults.TryTell(raised, Console.Error))
        {
            return 1;
        }
    }

    private static async Task ShowAsync(EatsDemoOptions options, Uri address, CancellationToken stopping)
    {
        using var caller = new DemoCaller(address);
        var dayStart = new DateTimeOffset(options.City.Start.AddDays(EatsDemoOptions.HistoryDays).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var events = CitySimulation.Events(options.City).Where(happened => happened.Type != CityEvent.Shown || happened.At >= dayStart).ToList();
        var started = Stopwatch.GetTimestamp();
        var history = events.Where(happened => happened.At < dayStart).ToList();
        foreach (var part in history.GroupBy(happened => (happened.At.Date, happened.Type)))
        {
            await caller.TellAsync(part.Key.Type, part.Select(happened => happened.ToEvent()), stopping);
        }

        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        AnsiConsole.MarkupLineInterpolated(
            $"History: [bold]{history.Count:N0}[/] events of {EatsDemoOptions.HistoryDays} days in {took:F1} s ({history.Count / took:N0} a second, on disk).");

        var day = await EatsDay.DriveAsync(events[history.Count..], dayStart, caller, options.DayTakes, stopping);
        EatsReport.Tell(day, address, options.Exit);
    }

    /// <summary>A setting as the demo has it; nothing where the command line names it.</summary>
    private static string[] Default(EatsDemoOptions options, string name, string value) =>
        options.SiloArguments.Any(arg => arg.Equals($"--{name}", StringComparison.OrdinalIgnoreCase) || arg.StartsWith($"--{name}=", StringComparison.OrdinalIgnoreCase))
            ? []
            : [$"--{name}", value];
}

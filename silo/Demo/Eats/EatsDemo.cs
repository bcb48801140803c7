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
            var dayStart = new DateTimeOffset(options.City.Start.AddDays(EatsDemoOptions.HistoryDays).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            var clock = new CityClock(dayStart + EatsTastes.LoadedAfter);
            await DemoSilo.RunAsync(
                settings, OwnFolder, options.Data, options.Exit, (address, stopping) => ShowAsync(options, dayStart, clock, address, stopping), clock);
            return 0;
        }
        catch (Exception raised) when (SiloErrors.TryTell(raised, Console.Error))
        {
            return 1;
        }
    }

    private static async Task ShowAsync(EatsDemoOptions options, DateTimeOffset dayStart, CityClock clock, Uri address, CancellationToken stopping)
    {
        using var caller = new DemoCaller(address);
        var events = CitySimulation.Events(options.City).Where(happened => happened.Type != CityEvent.Shown || happened.At >= dayStart).ToList();
        var started = clock.GetTimestamp();
        var history = events.Where(happened => happened.At < dayStart).ToList();
        foreach (var part in history.GroupBy(happened => (happened.At.Date, happened.Type)))
        {
            await caller.TellAsync(part.Key.Type, part.Select(happened => happened.ToEvent()), stopping);
        }

        var took = clock.GetElapsedTime(started).TotalSeconds;
        AnsiConsole.MarkupLineInterpolated(
            $"History: [bold]{history.Count:N0}[/] events of {EatsDemoOptions.HistoryDays} days in {took:F1} s ({history.Count / took:N0} a second, on disk).");

        var file = Path.Combine(options.Data ?? OwnFolder, EatsTastes.FileName);
        var tastes = await EatsTastes.LoadAsync(history, dayStart, file, caller, stopping);
        AnsiConsole.MarkupLineInterpolated(
            $"Nightly batch: the favourite cuisine of [bold]{tastes.Rows:N0}[/] users as of {dayStart:HH:mm}, loaded from {file}, seen from {tastes.SeenFrom.ToDateTimeOffset():HH:mm:ss} on.");

        var day = await EatsDay.DriveAsync(events[history.Count..], dayStart, caller, clock, options.DayTakes, stopping);
        await EatsTiers.TellAsync(day, caller, stopping);
        EatsReport.Tell(day, address, file, options.Exit);
    }

    /// <summary>A setting as the demo has it; nothing where the command line names it.</summary>
    private static string[] Default(EatsDemoOptions options, string name, string value) =>
        options.SiloArguments.Any(arg => arg.Equals($"--{name}", StringComparison.OrdinalIgnoreCase) || arg.StartsWith($"--{name}=", StringComparison.OrdinalIgnoreCase))
            ? []
            : [$"--{name}", value];
}

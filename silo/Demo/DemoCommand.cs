using System.Diagnostics;
using Spectre.Console;

namespace Grid.Silo.Demo;

/// <summary>
/// <c>demo</c>: starts a silo on a folder of its own, tells it a simulated history, drives one day of card payments through HTTP, says how well the
/// fraud was caught, and goes on serving.
/// </summary>
internal static class DemoCommand
{
    private const string OwnFolder = "data/demo";

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = DemoOptions.Parse(args);
            await DemoSilo.RunAsync(
                options.SiloArguments, OwnFolder, options.Data, options.Exit, (address, stopping) => ShowAsync(options, address, stopping));
            return 0;
        }
        catch (Exception raised) when (SiloFaults.TryTell(raised, Console.Error))
        {
            return 1;
        }
    }

    private static async Task ShowAsync(DemoOptions options, Uri address, CancellationToken stopping)
    {
        using var caller = new DemoCaller(address);
        var world = new DemoWorld(options);
        var started = Stopwatch.GetTimestamp();
        var told = await DemoHistory.TellAsync(world, caller, stopping);
        AnsiConsole.MarkupLineInterpolated(
            $"History: [bold]{told:N0}[/] events of {DemoOptions.HistoryDays} days in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s ({told / Stopwatch.GetElapsedTime(started).TotalSeconds:N0} a second, on disk).");

        var day = await DemoDay.DriveAsync(world, caller, options.DayTakes, stopping);
        DemoReport.Tell(day, address, world, options.Exit);
    }
}

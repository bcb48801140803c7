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
                options.SiloArguments, OwnFolder, options.Data, options.Exit,
                (address, stopping) => ShowAsync(options, address, TimeProvider.System, stopping));
            return 0;
        }
        catch (Exception raised) when (SiloErrors.TryTell(raised, Console.Error))
        {
            return 1;
        }
    }

    private static async Task ShowAsync(DemoOptions options, Uri address, TimeProvider time, CancellationToken stopping)
    {
        using var caller = new DemoCaller(address);
        var world = new DemoWorld(options);
        var started = time.GetTimestamp();
        var told = await DemoHistory.TellAsync(world, caller, stopping);
        var took = time.GetElapsedTime(started).TotalSeconds;
        AnsiConsole.MarkupLineInterpolated(
            $"History: [bold]{told:N0}[/] events of {DemoOptions.HistoryDays} days in {took:F1} s ({told / took:N0} a second, on disk).");

        var day = await DemoDay.DriveAsync(world, caller, options.DayTakes, time, stopping);
        DemoReport.Tell(day, address, world, options.Exit);
    }
}

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
            UsePlainLinesWhereNobodyLooks();
            var folder = Folder(options.Data ?? OwnFolder, isOwn: options.Data is null);
            await using var silo = SiloHost.Build([.. options.SiloArguments, "--data", folder], builder => builder.Configuration["Logging:LogLevel:Default"] = "Warning");
            await silo.StartAsync();
            await ShowAsync(silo, options, folder);
            if (!options.Exit)
            {
                await silo.WaitForShutdownAsync();
            }

            await silo.StopAsync();
            return 0;
        }
        catch (Exception raised) when (SiloFaults.TryTell(raised, Console.Error))
        {
            return 1;
        }
    }

    private static async Task ShowAsync(WebApplication silo, DemoOptions options, string folder)
    {
        var address = new Uri(silo.Urls.First());
        var stopping = silo.Lifetime.ApplicationStopping;
        AnsiConsole.MarkupLineInterpolated($"The grid serves [bold]{silo.Services.GetRequiredService<IGrid>().Schema.Bundle}[/] at [blue]{address}[/], its data in [bold]{folder}[/].");
        AnsiConsole.MarkupLineInterpolated($"Look at the decisions as they happen: [bold blue]{address}[/]");
        try
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
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            AnsiConsole.MarkupLine("Stopped.");
        }
    }

    internal static void UsePlainLinesWhereNobodyLooks()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
            AnsiConsole.Profile.Width = 160;
        }
    }

    /// <summary>The demo's own folder is emptied; one that was named must be empty, for what is in it is not the demo's.</summary>
    /// <exception cref="SiloException">A folder that was named is not empty.</exception>
    internal static string Folder(string named, bool isOwn)
    {
        var folder = Path.GetFullPath(named);
        if (isOwn && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new SiloException([$"The data folder '{folder}' is not empty; the demo begins with an empty one. Name another with --data DIR."]);
        }

        return folder;
    }
}

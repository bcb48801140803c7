using Spectre.Console;

namespace Grid.Silo.Demo;

/// <summary>The frame of every demo: a silo on a folder of the demo's own, what the demo shows of it, and serving on until Ctrl-C.</summary>
internal static class DemoSilo
{
    /// <param name="settings">The silo's, but for its data folder.</param>
    /// <param name="ownFolder">Where its data is, unless another folder is named.</param>
    /// <param name="named">The folder that was named; null where none was.</param>
    /// <param name="exit">Whether to end when everything was shown.</param>
    /// <param name="show">Shows it, given the silo's address and what stops it.</param>
    /// <param name="clock">The silo's clock; null is the system's.</param>
    public static async Task RunAsync(
        IEnumerable<string> settings, string ownFolder, string? named, bool exit, Func<Uri, CancellationToken, Task> show, TimeProvider? clock = null)
    {
        UsePlainLinesWhereNobodyLooks();
        var folder = Folder(named ?? ownFolder, isOwn: named is null);
        await using var silo = SiloHost.Build([.. settings, "--data", folder], builder =>
        {
            builder.Configuration["Logging:LogLevel:Default"] = "Warning";
            builder.Services.AddSingleton(clock ?? TimeProvider.System);
        });
        await silo.StartAsync();
        var address = new Uri(silo.Urls.First());
        var stopping = silo.Lifetime.ApplicationStopping;
        AnsiConsole.MarkupLineInterpolated($"The grid serves [bold]{silo.Services.GetRequiredService<IGrid>().Schema.Bundle}[/] at [blue]{address}[/], its data in [bold]{folder}[/].");
        AnsiConsole.MarkupLineInterpolated($"Look at the decisions as they happen: [bold blue]{address}[/]");
        try
        {
            await show(address, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            AnsiConsole.MarkupLine("Stopped.");
        }

        if (!exit)
        {
            await silo.WaitForShutdownAsync();
        }

        await silo.StopAsync();
    }

    private static void UsePlainLinesWhereNobodyLooks()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
            AnsiConsole.Profile.Width = 160;
        }
    }

    /// <summary>The demo's own folder is emptied; one that was named must be empty, for what is in it is not the demo's.</summary>
    /// <exception cref="SiloException">A folder that was named is not empty.</exception>
    private static string Folder(string named, bool isOwn)
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

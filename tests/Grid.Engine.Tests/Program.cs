namespace Grid.Engine.Tests;

/// <summary>Runs the tests; or, started by <see cref="KillTests"/>, is the process that gets killed.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        if (args is [KillHost.Word, var folder, var first])
        {
            return KillHost.Run(folder, int.Parse(first, System.Globalization.CultureInfo.InvariantCulture));
        }

        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, (_, _) => { }).GetAwaiter().GetResult()
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
    }
}

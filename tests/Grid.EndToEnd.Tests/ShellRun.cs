using System.Diagnostics;
using Grid.Testing;

namespace Grid.EndToEnd.Tests;

/// <summary>A command that ran to its end.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ShellRun(int Code, string Output, string Error)
{
    /// <summary>Runs a program to its end; a test that is cancelled ends it.</summary>
    public static async Task<ShellRun> OfAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var _ = TestContext.Current.CancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None).InTime();
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>The same, and fails the test where the command does.</summary>
    public static async Task<ShellRun> SucceedsAsync(ProcessStartInfo start)
    {
        var run = await OfAsync(start);
        var command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        Assert.True(run.Code == 0, $"{command}: expected exit code 0, found {run.Code}\n{run.Output}\n{run.Error}");
        return run;
    }
}

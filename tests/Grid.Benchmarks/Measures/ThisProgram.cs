using System.Diagnostics;

namespace Grid.Benchmarks;

/// <summary>Starts this program again, in a process of its own.</summary>
internal static class ThisProgram
{
    /// <summary>
    /// <c>dotnet run</c> starts the program's own executable, <c>dotnet Grid.Benchmarks.dll</c> the shared host; only the latter takes the
    /// assembly as its first argument.
    /// </summary>
    /// <returns>What the process wrote to its standard output. Its standard error is this process's.</returns>
    /// <exception cref="InvalidOperationException">The process ended with another exit code than 0.</exception>
    public static async Task<string> OutputOfAsync(params string[] arguments)
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process is unknown.");
        string[] assembly = IsSharedHost(host) ? [typeof(ThisProgram).Assembly.Location] : [];
        using var child = Process.Start(new ProcessStartInfo(host, [.. assembly, .. arguments]) { RedirectStandardOutput = true })!;
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return child.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with exit code {child.ExitCode}, expected 0.");
    }

    private static bool IsSharedHost(string path) =>
        Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
}

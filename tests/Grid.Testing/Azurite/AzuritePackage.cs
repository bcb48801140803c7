using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Grid.Testing;

/// <summary>The npm package of Azurite, as <c>package-lock.json</c> pins it. Installed once, by whichever test needs it first.</summary>
internal static class AzuritePackage
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Grid.Testing", "Azurite");
    private static readonly string Stamp = Path.Combine(Folder, "node_modules", ".installed");
    private static readonly Lazy<string?> Reason = new(Install);

    /// <summary>The program that Node.js runs.</summary>
    public static string Program => Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>Why Azurite cannot run here; null where it can.</summary>
    public static string? Absent => Reason.Value;

    private static string? Install()
    {
        try
        {
            Run("node", "--version");
            using var turn = new Mutex(initiallyOwned: false, "grid-azurite-install"); // Several test processes may come at once.
            turn.WaitOne();
            try
            {
                InstallOnce();
            }
            finally
            {
                turn.ReleaseMutex();
            }

            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return $"Azurite, the emulator of Azure Storage, cannot run here; it needs Node.js with npm: {e.Message}";
        }
    }

    private static void InstallOnce()
    {
        var wanted = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, "package-lock.json"))));
        if (!File.Exists(Stamp) || File.ReadAllText(Stamp) != wanted)
        {
            Run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            File.WriteAllText(Stamp, wanted);
        }
    }

    /// <exception cref="InvalidOperationException">The program failed; the message holds what it wrote.</exception>
    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder };
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"'{program} {string.Join(' ', arguments)}' ended with code {process.ExitCode}: {output.Result}{errors}");
        }
    }
}

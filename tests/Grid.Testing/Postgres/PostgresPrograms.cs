using System.Diagnostics;
using System.Globalization;

namespace Grid.Testing;

/// <summary>Where PostgreSQL's programs are on this machine, and as whom they may run: PostgreSQL refuses to run as root.</summary>
internal static class PostgresPrograms
{
    private const string Root = "/usr/lib/postgresql";
    private const string User = "postgres";

    /// <summary>The folder of the newest PostgreSQL on the machine; null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why no server can be started here; null where one can.</summary>
    public static string? Absent { get; } = WhyAbsent();

    /// <summary>Starts one of the programs as a user that may run it. The process has the program's own id.</summary>
    public static Process Start(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        string[] command = [Path.Combine(Folder!, program), .. arguments];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["setpriv", "--reuid", User, "--regid", User, "--clear-groups", .. command]; // It becomes the program: no process in between.
        }

        start.FileName = command[0];
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>Gives a folder to the user that the programs run as.</summary>
    public static void HandOver(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", $"{User}:{User}", folder);
        }
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static void Run(string command, params string[] arguments) => WaitFor(Process.Start(new ProcessStartInfo(command, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    /// <summary>Waits for a program's end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static void WaitFor(Process process)
    {
        using (process)
        {
            var said = process.StandardOutput.ReadToEndAsync();
            var complained = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"'{process.StartInfo.FileName}' ended with code {process.ExitCode}: {said.Result}{complained}");
            }
        }
    }

    private static string? Find() => !Directory.Exists(Root)
        ? null
        : Directory.EnumerateDirectories(Root)
            .Where(version => File.Exists(Path.Combine(version, "bin", "postgres")))
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault();

    private static string? WhyAbsent()
    {
        if (Folder is null)
        {
            return $"There is no PostgreSQL in {Root}; Debian's package postgresql has it.";
        }

        return Environment.IsPrivilegedProcess && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith(User + ":", StringComparison.Ordinal))
            ? $"PostgreSQL does not run as root, and there is no user '{User}' to run it as."
            : null;
    }
}

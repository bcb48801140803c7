using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Grid.Testing;

/// <summary>
/// A real PostgreSQL server of its own, in a temporary folder, on a free port of 127.0.0.1, with <c>fsync</c> and <c>synchronous_commit</c> on.
/// It is stopped, and its folder deleted, with <see cref="Dispose"/>.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private readonly string _folder;
    private readonly int _port;
    private Process? _process;

    private PostgresServer(string folder, int port) => (_folder, _port) = (folder, port);

    /// <summary>Why no server can be started on this machine; null where one can. A test is skipped with it.</summary>
    public static string? Absent => PostgresPrograms.Absent;

    /// <summary>How Npgsql reaches it.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port.ToString(CultureInfo.InvariantCulture)};Username=grid;Database=postgres";

    /// <summary>The CPU time of the server's processes that live.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            var total = TimeSpan.Zero;
            foreach (var id in _process is { } process ? [process.Id, .. ChildrenOf(process.Id)] : Array.Empty<int>())
            {
                try
                {
                    using var each = Process.GetProcessById(id);
                    total += each.TotalProcessorTime;
                }
                catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
                {
                    // It has ended meanwhile.
                }
            }

            return total;
        }
    }

    /// <summary>Makes a new server and starts it.</summary>
    /// <param name="settings">Settings as in <c>postgresql.conf</c>, such as <c>max_connections=200</c>.</param>
    public static PostgresServer Start(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("grid-postgres-").FullName;
        PostgresPrograms.HandOver(folder);
        PostgresPrograms.WaitFor(PostgresPrograms.Start("initdb", folder, "-D", Path.Combine(folder, "data"), "-U", "grid", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
        var server = new PostgresServer(folder, FreePort());
        server.Run(settings);
        return server;
    }

    /// <summary>Starts it again after <see cref="Kill"/> or <see cref="Stop"/>, on the same port; ends when it takes connections.</summary>
    public void Restart(params string[] settings) => Run(settings);

    /// <summary>Kills every process of the server at once, as a loss of power would; what the system has not been asked to write is lost.</summary>
    public void Kill()
    {
        // The postmaster first, so that it starts no others; what it had started is killed by id, and none is left when this returns.
        var process = _process ?? throw new InvalidOperationException("The server is not running.");
        var children = ChildrenOf(process.Id);
        process.Kill();
        foreach (var child in children)
        {
            Signal(child, "KILL");
        }

        process.WaitForExit(); // Until nobody can write to its output any more: its children have ended as well.
        _process = null;
        process.Dispose();
    }

    /// <summary>Ends its connections and stops it in good order.</summary>
    public void Stop()
    {
        if (_process is { } process)
        {
            Signal(process.Id, "INT");
            process.WaitForExit();
            _process = null;
            process.Dispose();
        }
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private void Run(string[] settings)
    {
        string[] arguments =
        [
            "-D", Path.Combine(_folder, "data"), "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder,
            "-c", "fsync=on", "-c", "synchronous_commit=on", .. settings.SelectMany(setting => (string[])["-c", setting]),
        ];
        var process = PostgresPrograms.Start("postgres", _folder, arguments);
        var said = new System.Text.StringBuilder();
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        if (!ready.Task.InTime().GetAwaiter().GetResult())
        {
            Stop();
            throw new InvalidOperationException($"PostgreSQL did not start: {said}");
        }

        void Say(string? line)
        {
            if (line is null || line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult(line is not null); // Its output ends with it.
            }

            lock (said)
            {
                if (said.Length < 1 << 16)
                {
                    said.AppendLine(line);
                }
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static int[] ChildrenOf(int process) =>
        [.. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static void Signal(int process, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        kill.WaitForExit(); // A process that has ended by itself meanwhile is as good as one that was told.
    }
}

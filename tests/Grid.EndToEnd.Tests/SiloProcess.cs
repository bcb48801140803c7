using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Grid.Testing;

namespace Grid.EndToEnd.Tests;

/// <summary>The real silo, in a process of its own, on a free loopback port.</summary>
internal sealed partial class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The silo ended before it listened:\n{Output}"));
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a silo and waits until it listens.</summary>
    public static Task<SiloProcess> StartAsync(string folder, params string[] args) => ServeAsync(folder, null, args);

    /// <summary>The same in a home of its own, and with nothing in its environment that says that this is a test.</summary>
    public static Task<SiloProcess> StartAtHomeAsync(string folder, string home) => ServeAsync(folder, home, []);

    /// <summary>Runs a silo to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        await using var silo = Start(args);
        await silo._process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();
        silo._process.WaitForExit(); // until its output is read to the end
        return (silo._process.ExitCode, silo.Output);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGTERM, as an orchestrator sends it; waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static async Task<SiloProcess> ServeAsync(string folder, string? home, string[] args)
    {
        var silo = Start(["serve", "--urls", "http://127.0.0.1:0", "--data", folder, "--bundle", Repository.Bundle("fraud"), .. args], home);
        silo.Address = await silo._listening.Task.InTime();
        return silo;
    }

    private static SiloProcess Start(string[] args, string? home = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.ArgumentList.Add(Dll());
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        if (home is not null)
        {
            foreach (var name in start.Environment.Keys.Except(["PATH", "DOTNET_ROOT"]).ToList())
            {
                start.Environment.Remove(name);
            }

            start.Environment["HOME"] = home;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var silo = new SiloProcess(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return silo;
    }

    /// <summary>The silo as it was built with these tests: debug with debug.</summary>
    private static string Dll()
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Repository.Root, "silo", "bin", built.Parent!.Name, built.Name, "Grid.Silo.dll");
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}

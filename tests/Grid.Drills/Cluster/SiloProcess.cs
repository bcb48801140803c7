using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Grid.Testing;

namespace Grid.Drills;

/// <summary>One silo in a process of its own, and the signals that an orchestrator, a crash or a stalled machine would send it.</summary>
internal sealed partial class SiloProcess : IAsyncDisposable
{
    private const int KeptOutput = 1 << 20;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(string name, Process process)
    {
        (Name, _process) = (name, process);
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.Exited += (_, _) =>
        {
            var ended = new DrillException($"Silo {name} ended before it had started:\n{Output}");
            _listening.TrySetException(ended);
            _started.TrySetException(ended);
        };
        _ = _listening.Task.ContinueWith(failed => failed.Exception, TaskScheduler.Default); // Of a process that nobody expects to listen.
        _ = _started.Task.ContinueWith(failed => failed.Exception, TaskScheduler.Default);
    }

    public string Name { get; }

    /// <summary>Where its gateway listens, once <see cref="ListensAsync"/> has ended.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Whether it was sent a signal after which nobody may expect an answer of it.</summary>
    public bool IsGone { get; private set; }

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What the process said, its first megabyte.</summary>
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

    /// <summary>Processor time that the process has spent, read from the system.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the silo as it was built beside this program: debug with debug.</summary>
    public static SiloProcess Start(string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "silo", "bin", built.Parent!.Name, built.Name, "Grid.Silo.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        var silo = new SiloProcess(name, new Process { StartInfo = start, EnableRaisingEvents = true });
        silo._process.Start();
        silo._process.BeginOutputReadLine();
        silo._process.BeginErrorReadLine();
        return silo;
    }

    /// <summary>Waits until its gateway listens.</summary>
    /// <exception cref="DrillException">The process ended, or said nothing in time; its output is told.</exception>
    public async Task ListensAsync(TimeSpan within)
    {
        await SaysAsync(_listening.Task, "listen", within);
        Address = await _listening.Task;
    }

    /// <summary>Waits until all of its services have started.</summary>
    /// <exception cref="DrillException">The process ended, or said nothing in time; its output is told.</exception>
    public Task StartsAsync(TimeSpan within) => SaysAsync(_started.Task, "start", within);

    /// <summary>SIGKILL: no handler runs, nothing is flushed, its connections break.</summary>
    public void Kill()
    {
        IsGone = true;
        _process.Kill();
    }

    /// <summary>SIGSTOP: the process stays, its connections too, and it does nothing.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>SIGTERM, as an orchestrator sends it.</summary>
    public void Terminate() => Signal("TERM");

    public async Task EndsAsync(TimeSpan within)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(within, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new DrillException($"Silo {Name} did not end within {within.TotalSeconds:0} s. The end of its output:\n{Output[^Math.Min(Output.Length, 4_000)..]}");
        }
    }

    /// <summary>Waits until the process ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndsAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task SaysAsync(Task said, string what, TimeSpan within)
    {
        try
        {
            await said.WaitAsync(within, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new DrillException($"Silo {Name} did not {what} within {within.TotalSeconds:0} s:\n{Output}");
        }
    }

    private void Signal(string signal)
    {
        IsGone = true;
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            if (_output.Length < KeptOutput)
            {
                _output.AppendLine(line);
            }
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new(match.Groups[1].Value));
        }
        else if (line.Contains("Application started", StringComparison.Ordinal))
        {
            _started.TrySetResult();
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}

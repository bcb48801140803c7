using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Grid.Infra.Tests.Manifests;
using Grid.Testing;

namespace Grid.Infra.Tests.Measurements;

/// <summary>
/// The real silo in a process of its own, with the environment of the gateway's pod. Its host is the embedded one, which every build has; the address is a
/// free loopback port, the bundle the repository's.
/// </summary>
internal sealed partial class ServedSilo : IAsyncDisposable
{
    // Far beyond what a start or an answer takes: it ends only a run that hangs.

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();

    private ServedSilo(Process process, DirectoryInfo folder)
    {
        (_process, _folder) = (process, folder);
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The silo ended before it listened:\n{_output}"));
    }

    public HttpClient Client { get; } = new() { Timeout = Limit.Generous };

    /// <summary>The keys that the pod's Secret would hold, by the Secret's keys.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    public static async Task<ServedSilo> StartAsync(Overlay overlay, string workload)
    {
        var folder = Directory.CreateTempSubdirectory("grid-infra-");
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        var dll = Path.Combine(Repository.Root, "silo", "bin", built.Parent!.Name, built.Name, "Grid.Silo.dll");
        var start = new ProcessStartInfo("dotnet", [dll, "serve", "--urls", "http://127.0.0.1:0", "--data", folder.FullName, "--bundle", Repository.Bundle("fraud")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var silo = new ServedSilo(new() { StartInfo = start, EnableRaisingEvents = true }, folder);
        var container = overlay.Workloads.Single(one => one.Name == workload).Containers.Single();
        foreach (var (name, value) in overlay.Environment(container))
        {
            start.Environment[name] = value ?? "";
        }

        foreach (var (name, secret) in container["env"].Items.Select(one => (one["name"].Text!, one.At("valueFrom.secretKeyRef"))).Where(one => one.Item2["name"].Text == "grid-keys"))
        {
            silo.Keys[secret["key"].Text!] = start.Environment[name] = Guid.NewGuid().ToString("N");
        }

        silo._process.Start();
        silo._process.BeginOutputReadLine();
        silo._process.BeginErrorReadLine();
        silo.Client.BaseAddress = await silo._listening.Task.InTime();
        return silo;
    }

    public async Task<(int Status, string Body)> GetAsync(string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, key);
    }

    public async Task<(int Status, string Body)> PostAsync(string path, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await SendAsync(request, key);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None).InTime();
        }

        Client.Dispose();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<(int Status, string Body)> SendAsync(HttpRequestMessage request, string? key)
    {
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private void Heard(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}

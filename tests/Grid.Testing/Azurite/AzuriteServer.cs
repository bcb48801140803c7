using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Grid.Testing;

/// <summary>
/// Azurite, the emulator of Azure Storage, in a process of its own on free ports of 127.0.0.1. It keeps everything in memory and ends with
/// <see cref="Dispose"/>.
/// </summary>
public sealed partial class AzuriteServer : IDisposable
{
    private const string Account = "gridtests";

    private readonly Process _process;
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, Uri> _services = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AzuriteServer(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = Path.GetTempPath() };
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        string[] all =
        [
            AzuritePackage.Program, "--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck",
            "--blobHost", "127.0.0.1", "--queueHost", "127.0.0.1", "--tableHost", "127.0.0.1",
            "--blobPort", "0", "--queuePort", "0", "--tablePort", "0", .. arguments,
        ];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AZURITE_ACCOUNTS"] = $"{Account}:{_key}";
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("Azurite ended before it listened."));
    }

    /// <summary>Why no server can be started on this machine; null where one can. Installs the package where it is missing.</summary>
    public static string? Absent => AzuritePackage.Absent;

    /// <summary>Connection string of an account with a random key.</summary>
    public string ConnectionString => ConnectionStringWith(_key);

    /// <summary>Address of the account's blob service.</summary>
    public Uri Blobs => new(_services["Blob"], Account);

    /// <summary>Address of the account's table service.</summary>
    public Uri Tables => new(_services["Table"], Account);

    /// <summary>Starts a server; ends when it takes requests.</summary>
    /// <param name="arguments">Further arguments, such as <c>--oauth basic</c>.</param>
    public static async Task<AzuriteServer> StartAsync(params string[] arguments)
    {
        var server = new AzuriteServer(arguments);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await server._listening.Task;
            return server;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{e.Message}\n{server._output}", e);
        }
    }

    /// <summary>Connection string of the account with another key.</summary>
    public string ConnectionStringWith(string key) =>
        $"DefaultEndpointsProtocol={Blobs.Scheme};AccountName={Account};AccountKey={key};BlobEndpoint={Blobs};TableEndpoint={Tables}";

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_services)
        {
            _output.AppendLine(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                _services[match.Groups[1].Value] = new(match.Groups[2].Value + "/");
            }

            if (_services.ContainsKey("Blob") && _services.ContainsKey("Table"))
            {
                _listening.TrySetResult();
            }
        }
    }

    [GeneratedRegex(@"Azurite (\w+) service is successfully listening at (https?://[^\s/]+)")]
    private static partial Regex Listening();
}

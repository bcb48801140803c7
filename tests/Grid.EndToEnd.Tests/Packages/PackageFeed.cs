using System.Diagnostics;
using System.Text;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Packages;

/// <summary>The product's packages, made as <c>dotnet pack</c> makes them, in a folder that serves as a feed.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    /// <summary>Every package but the command-line tool, which nothing references.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "Grid", "Grid.Client", "Grid.Decisions", "Grid.Engine", "Grid.Features", "Grid.Gateway", "Grid.Models", "Grid.Orleans", "Grid.Postgres",
    ];

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        // One build of one project, which packs all: each start of the command line would cost seconds.
        var project = System.IO.Path.Combine(_folder.Path, "Pack.proj");
        await File.WriteAllTextAsync(project, $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{string.Join(';', Names.Select(ProjectOf))}" Targets="Pack"
                         Properties="Configuration={Configuration};NoBuild=true;PackageOutputPath={_folder.Path}" />
              </Target>
            </Project>
            """);
        await RunAsync(_folder.Path, "msbuild", project, "-t:Pack", "-nologo", "-v:quiet");
        File.Delete(project);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The configuration that these tests were built in, and what they test with them.</summary>
    internal static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Runs <c>dotnet</c> to its end.</summary>
    /// <returns>What it printed.</returns>
    internal static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // Nothing stays behind.
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}");
        return output.ToString();

        void Add(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }

    private static string ProjectOf(string name) =>
        System.IO.Path.Combine(Repository.Root, name == "Grid.Client" ? "client" : "src", name, name + ".csproj");
}

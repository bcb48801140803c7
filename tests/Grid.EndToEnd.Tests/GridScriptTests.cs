using System.Diagnostics;
using Grid.Testing;

namespace Grid.EndToEnd.Tests;

/// <summary>
/// <c>./grid</c> in a small repository of its own. When it builds is tested with a <c>dotnet</c> that writes down what it is asked for; that it
/// runs what it built, with the real one.
/// </summary>
public sealed class GridScriptTests : IDisposable
{
    private const string Project = "client/Grid.Cli/Grid.Cli.csproj";
    private const string Source = "src/Grid/IGrid.cs";
    private const string Embedded = "client/Grid.Cli/text.txt";

    private readonly TemporaryFolder _folder = new();
    private readonly DateTime _now = TimeProvider.System.GetUtcNow().UtcDateTime;

    public GridScriptTests()
    {
        Write(Project, """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><EmbeddedResource Include="text.txt" LogicalName="text" /></ItemGroup>
            </Project>
            """);
        Write("client/Grid.Cli/Program.cs", """
            using System;
            using System.IO;
            using var text = new StreamReader(typeof(Marker).Assembly.GetManifestResourceStream("text"));
            Console.WriteLine(text.ReadToEnd() + "|" + string.Join(",", args) + "|" + Environment.CurrentDirectory);
            class Marker { }
            """);
        Write(Embedded, "first");
        Write(Source, "// source");
        Write("Directory.Packages.props", "<Project />");
        Write("client/README.md", "not an input");
        foreach (var input in (string[])[Project, "client/Grid.Cli/Program.cs", Embedded, Source, "Directory.Packages.props"])
        {
            SetTime(input, hoursAgo: 4);
        }

        File.Copy(Path.Combine(Repository.Root, "grid"), Script);
    }

    private string Script => Path.Combine(_folder.Path, "grid");

    private string Elsewhere => Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere")).FullName;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task First_run_says_that_it_builds_and_what()
    {
        var run = await RecordedAsync();

        Assert.Equal(["build", "run"], run.Calls);
        Assert.StartsWith("grid: building client/Grid.Cli (first run", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_built_where_nothing_changed()
    {
        await RecordedAsync();
        Write("client/README.md", "changed, and not an input");

        var run = await RecordedAsync();

        Assert.Equal(["run"], run.Calls);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData(Source)]
    [InlineData(Project)]
    [InlineData(Embedded)]
    [InlineData("Directory.Packages.props")]
    public async Task Changed_input_is_built_again_once_and_named(string file)
    {
        await RecordedAsync();
        SetTime("client/Grid.Cli/obj/grid-command.built", hoursAgo: 2);
        SetTime(file, hoursAgo: 1);

        var changed = await RecordedAsync();
        var again = await RecordedAsync();

        Assert.Equal($"grid: building client/Grid.Cli ({file} has changed)\n", changed.Error);
        Assert.Equal<string[]>([["build", "run"], ["run"]], [changed.Calls, again.Calls]);
    }

    [Fact]
    public async Task Input_replaced_by_an_older_file_is_built_again()
    {
        await RecordedAsync();
        Write("old.cs", "// another");
        SetTime("old.cs", hoursAgo: 3);
        File.Move(Path.Combine(_folder.Path, "old.cs"), Path.Combine(_folder.Path, Source), overwrite: true);

        Assert.Equal(["build", "run"], (await RecordedAsync()).Calls);
    }

    [Fact]
    public async Task Added_and_removed_files_are_built_again()
    {
        await RecordedAsync();
        Write("src/Grid/Old.cs", "// older than the last build");
        SetTime("src/Grid/Old.cs", hoursAgo: 3);
        var added = await RecordedAsync();
        File.Delete(Path.Combine(_folder.Path, "src/Grid/Old.cs"));
        var removed = await RecordedAsync();

        Assert.Equal<string[]>([["build", "run"], ["build", "run"]], [added.Calls, removed.Calls]);
    }

    [Fact]
    public async Task Failed_build_ends_with_an_error_and_is_tried_again()
    {
        var failed = await RecordedAsync(buildExitCode: 1);
        var again = await RecordedAsync();

        Assert.Contains("client/Grid.Cli does not build", failed.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), (failed.Code, again.Code));
        Assert.Equal<string[]>([["build"], ["build", "run"]], [failed.Calls, again.Calls]);
    }

    [Fact]
    public async Task It_runs_what_it_built_from_any_folder_and_through_a_link()
    {
        var link = Path.Combine(Elsewhere, "grid");
        File.CreateSymbolicLink(link, Path.Combine("..", "grid"));

        var first = await ShellRun.SucceedsAsync(Started(link, "one", "two words"));
        Write(Embedded, "second");
        var second = await ShellRun.SucceedsAsync(Started(Script, "three"));

        Assert.Equal($"first|one,two words|{Elsewhere}\n", first.Output);
        Assert.Equal($"second|three|{Elsewhere}\n", second.Output);
    }

    private async Task<(int Code, string[] Calls, string Error)> RecordedAsync(int buildExitCode = 0)
    {
        var bin = Directory.CreateDirectory(Path.Combine(_folder.Path, "path")).FullName;
        var log = Path.Combine(bin, "calls");
        ShellScript.Write(Path.Combine(bin, "dotnet"), $"""
            #!/bin/sh
            if [ "$1" = build ]; then
              echo build >>'{log}'
              [ {buildExitCode} = 0 ] || exit {buildExitCode}
              mkdir -p '{_folder.Path}/client/Grid.Cli/bin/Release/net10.0'
              : >'{_folder.Path}/client/Grid.Cli/bin/Release/net10.0/Grid.Cli.dll'
            else
              echo run >>'{log}'
            fi
            """);
        File.Delete(log);
        var start = Started(Script, "--help");
        start.Environment["PATH"] = bin + ":" + start.Environment["PATH"];
        var run = await ShellRun.OfAsync(start);
        return (run.Code, await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken), run.Error);
    }

    private ProcessStartInfo Started(string script, params string[] arguments) =>
        new("bash", [script, .. arguments]) { WorkingDirectory = Elsewhere };

    private void SetTime(string file, int hoursAgo) => File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, file), _now.AddHours(-hoursAgo));

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grid.Testing;

namespace Grid.EndToEnd.Tests;

/// <summary>Runs what the documentation says to run, and compares what it answers with what the documentation says it does.</summary>
public sealed partial class DocumentationTests
{
    /// <summary>The page whose commands all run here, whatever they are.</summary>
    internal const string HttpPage = "docs/http.md";

    [Fact]
    public async Task Every_command_of_the_HTTP_page_does_what_the_page_says()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await SiloProcess.StartAsync(folder.Path);
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, HttpPage), TestContext.Current.CancellationToken);

        var commands = Command().Matches(page);
        foreach (Match command in commands)
        {
            var answer = await RunAsync(command.Groups["command"].Value.Replace("http://127.0.0.1:8080", silo.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
            if (command.Groups["answer"].Success)
            {
                Compare(JsonNode.Parse(command.Groups["answer"].Value), answer, "");
            }
        }

        Assert.True(commands.Count >= 6);
    }

    private static async Task<JsonNode?> RunAsync(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0 && output.StartsWith('{'), $"{command}\nanswered: {output}");
        return JsonNode.Parse(output);
    }

    /// <summary>The same members, of the same kinds, in the same order; of a list, its first.</summary>
    private static void Compare(JsonNode? documented, JsonNode? answered, string path)
    {
        Assert.True(documented?.GetValueKind() == answered?.GetValueKind(), $"{path} is documented as {documented}, and is {answered}.");
        if (documented is JsonObject members)
        {
            Assert.Equal(members.Select(member => path + "/" + member.Key), answered!.AsObject().Select(member => path + "/" + member.Key));
            foreach (var (name, value) in members)
            {
                Compare(value, answered[name], path + "/" + name);
            }
        }
        else if (documented is JsonArray { Count: > 0 } list)
        {
            Compare(list[0], answered!.AsArray()[0], path + "/0");
        }
        else if (path.EndsWith("/detail", StringComparison.Ordinal) || path.EndsWith("/expected", StringComparison.Ordinal) || path.EndsWith("/field", StringComparison.Ordinal))
        {
            Assert.Equal(documented?.ToString(), answered?.ToString());
        }
    }

    [GeneratedRegex("```sh\n(?<command>.*?)```(\n\n```json\n(?<answer>.*?)```)?", RegexOptions.Singleline)]
    private static partial Regex Command();
}

using Grid.Testing;

namespace Grid.EndToEnd.Tests.Readme;

public sealed class ReadmeTests
{
    [Fact]
    public async Task The_first_decision_runs()
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();

        await FirstDecision.RunAsync(Repository.Bundle("fraud"), folder.Path, output);

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(16, lines.Length);
        Assert.StartsWith("approve, score 0.0", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("card.tx_count_1d ", StringComparison.Ordinal) && line.Contains(" 1  0 ms old", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_decision_stands_in_the_readme_as_it_runs()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Grid.EndToEnd.Tests", "Readme", "FirstDecision.cs"));
        var from = source.IndexOf("// <readme>\n", StringComparison.Ordinal) + "// <readme>\n".Length;
        var sample = source[from..source.IndexOf("        // </readme>", StringComparison.Ordinal)].TrimEnd();
        var lines = sample.Split('\n').Select(line => line.Length > 8 ? line[8..] : "");

        Assert.Contains(string.Join('\n', lines), File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }
}

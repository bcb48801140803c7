using System.Globalization;
using System.Text.RegularExpressions;

namespace Grid.EndToEnd.Tests;

public sealed partial class DemoTests
{
    [Fact]
    public async Task The_demo_catches_most_of_the_fraud_and_says_so()
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await SiloProcess.RunAsync(
            TimeSpan.FromMinutes(3), "demo", "--exit", "--urls", "http://127.0.0.1:0", "--data", folder.Path, "--seconds", "3", "--customers", "1000");

        Assert.True(code == 0, output);
        var frauds = Number(Frauds(), output);
        var caught = Number(Caught(), output);
        Assert.True(frauds >= 10, output);
        Assert.True(caught >= 0.4 * frauds, output);
        Assert.True(Number(Auc(), output) > 0.75, output);
        Assert.True(Number(FalseAlarms(), output) < 0.02 * Number(Decisions(), output), output);
    }

    private static double Number(Regex what, string output)
    {
        var match = what.Match(output);
        Assert.True(match.Success, output);
        return double.Parse(match.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Decisions +([\d,]+) in")]
    private static partial Regex Decisions();

    [GeneratedRegex(@"Frauds +(\d+)")]
    private static partial Regex Frauds();

    [GeneratedRegex(@"caught +(\d+) ")]
    private static partial Regex Caught();

    [GeneratedRegex(@"False alarms +(\d+) good")]
    private static partial Regex FalseAlarms();

    [GeneratedRegex(@"AUC ROC of the scores +([\d.]+)")]
    private static partial Regex Auc();
}

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

    [Fact]
    public async Task The_demo_of_eats_ranks_every_search_gives_every_order_an_arrival_time_and_says_how_good_they_were()
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await SiloProcess.RunAsync(
            TimeSpan.FromMinutes(3), "demo", "eats", "--exit", "--urls", "http://127.0.0.1:0", "--data", folder.Path, "--seconds", "3", "--users", "400");

        Assert.True(code == 0, output);
        Assert.Contains("serves eats", output, StringComparison.Ordinal);
        Assert.InRange(Number(Orders(), output), 40, 200);
        Assert.True(Number(Searches(), output) > Number(Orders(), output), output);
        Assert.True(Number(AmongFirst(), output) > Number(AmongNearest(), output), output);
        Assert.True(Number(Delivered(), output) > 0.7 * Number(Orders(), output), output);
        Assert.InRange(Number(OffBy(), output), 0.1, 30);
        Assert.Matches(@"20:00  old_town \d+ open, \d+ free \d+ busy", output);
    }

    private static double Number(Regex what, string output)
    {
        var match = what.Match(output);
        Assert.True(match.Success, output);
        return double.Parse(match.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Decisions +([\d,]+) in")]
    private static partial Regex Decisions();

    [GeneratedRegex(@"Orders +([\d,]+), answered")]
    private static partial Regex Orders();

    [GeneratedRegex(@"Searches ranked +([\d,]+), answered")]
    private static partial Regex Searches();

    [GeneratedRegex(@"among the first five of 20 in (\d+) %")]
    private static partial Regex AmongFirst();

    [GeneratedRegex(@"by distance alone in (\d+) %")]
    private static partial Regex AmongNearest();

    [GeneratedRegex(@"Delivered +([\d,]+), after")]
    private static partial Regex Delivered();

    [GeneratedRegex(@"Placed from 18:00 on +off by ([\d.]+) minutes")]
    private static partial Regex OffBy();

    [GeneratedRegex(@"Frauds +(\d+)")]
    private static partial Regex Frauds();

    [GeneratedRegex(@"caught +(\d+) ")]
    private static partial Regex Caught();

    [GeneratedRegex(@"False alarms +(\d+) good")]
    private static partial Regex FalseAlarms();

    [GeneratedRegex(@"AUC ROC of the scores +([\d.]+)")]
    private static partial Regex Auc();
}

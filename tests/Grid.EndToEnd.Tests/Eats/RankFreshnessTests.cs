using System.Globalization;
using Grid.Cli;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Eats;

/// <summary>What fresh features are worth to a ranking, on the searches of a simulated city; candidates that are scored again from the same values must come out the same.</summary>
public sealed class RankFreshnessTests
{
    [Fact]
    public async Task What_the_user_looked_for_just_now_is_worth_more_than_what_a_restaurant_did_an_hour_ago()
    {
        using var folder = new TemporaryFolder();
        var city = Path.Combine(folder.Path, "city.csv.gz");
        await RunAsync("simulate", "eats", "--out", city, "--days", "5", "--users", "600", "--restaurants", "80", "--couriers", "30", "--seed", "3");

        var told = await RunAsync(
            "freshness", "report", city, "--bundle", Repository.Bundle("eats"), "--source", "city", "--decision", "rank",
            "--candidates", "event=shown", "--request", "search", "--chosen", "chosen", "--from", "2026-03-05");

        Assert.Contains("came out the same but 0\n", told, StringComparison.Ordinal);
        Assert.Matches(@"rank, judged by what was chosen: \d{3} of \d,?\d{2,3} rankings", told);
        var lost = told.Split("\n\n").Single(part => part.StartsWith("NDCG@10 lost", StringComparison.Ordinal));
        Assert.True(Lost(lost, "user.last_cuisine_1h", fromRight: 6) > 10, told); // A second ago the search was not there yet.
        Assert.True(Lost(lost, "searched_match", fromRight: 1) > 5, told);
        Assert.InRange(Lost(lost, "restaurant.open_orders", fromRight: 3), -10, 10);
        Assert.Equal(0, Lost(lost, "user.favourite_cuisine", fromRight: 1)); // Nothing was loaded.
    }

    [Fact]
    public async Task A_report_on_a_ranking_asks_where_what_was_shown_is_told()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "city.csv");
        await File.WriteAllTextAsync(file, "event,id\n", TestContext.Current.CancellationToken);
        string[] report = ["freshness", "report", file, "--bundle", Repository.Bundle("eats"), "--source", "city", "--decision"];

        Assert.Contains("--candidates COLUMN=TEXT", await FailAsync([.. report, "rank"]), StringComparison.Ordinal);
        Assert.Contains("together", await FailAsync([.. report, "rank", "--candidates", "event=shown"]), StringComparison.Ordinal);
        Assert.Contains("ranks nothing", await FailAsync([.. report, "eta", "--candidates", "event=shown", "--request", "search", "--chosen", "chosen"]), StringComparison.Ordinal);
        Assert.Contains("'searches'", await FailAsync([.. report, "rank", "--candidates", "event=shown", "--request", "searches", "--chosen", "chosen"]), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] command)
    {
        var (told, error) = (new StringWriter { NewLine = "\n" }, new StringWriter());
        var code = await GridCommand.RunAsync(command, new(TextReader.Null, told, error, IsInteractive: false), TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"{told}{error}");
        return told.ToString();
    }

    private static async Task<string> FailAsync(params string[] command)
    {
        var error = new StringWriter();
        Assert.NotEqual(0, await GridCommand.RunAsync(command, new(TextReader.Null, TextWriter.Null, error, IsInteractive: false), TestContext.Current.CancellationToken));
        return error.ToString();
    }

    private static double Lost(string table, string subject, int fromRight) =>
        double.Parse(table.Split('\n').Single(line => line.StartsWith(subject + " ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^fromRight], CultureInfo.InvariantCulture);
}

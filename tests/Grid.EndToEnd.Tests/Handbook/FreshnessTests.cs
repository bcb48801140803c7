using System.Globalization;
using Grid.Cli;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>
/// What fresh features are worth, on a week of the published transactions: card windows that are a day old lose recall. Decisions that are made again from
/// the same values must come out the same, or the command fails.
/// </summary>
public sealed class FreshnessTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Card_windows_that_are_a_day_old_lose_recall()
    {
        if (Repository.SharedData("fraud/transactions.csv.gz") is not { } file)
        {
            Assert.Skip(HandbookReplay.Absent);
            return;
        }

        var (told, error) = (new StringWriter { NewLine = "\n" }, new StringWriter());
        string[] command =
        [
            "freshness", "report", file, "--bundle", Repository.Bundle("fraud"), "--source", "handbook", "--decision", "authorize",
            "--start", "2018-07-01", "--from", "2018-08-08", "--to", "2018-08-15",
        ];

        Assert.Equal(0, await GridCommand.RunAsync(command, new(TextReader.Null, told, error, IsInteractive: false), TestContext.Current.CancellationToken));

        output.WriteLine(told.ToString());
        Assert.Contains("67,080 of 67,080 decisions", told.ToString(), StringComparison.Ordinal);
        Assert.Equal("", error.ToString());
        var recall = told.ToString().Split("\n\n").Single(part => part.StartsWith("recall lost", StringComparison.Ordinal));
        Assert.InRange(Lost(recall, "card, all 6", fromRight: 2), 1.0, 2.5);
        Assert.InRange(Lost(recall, "card, all 6", fromRight: 1), 20, 40);
        Assert.InRange(Lost(recall, "terminal, all 6", fromRight: 2), 1.0, 3.0);
        Assert.Equal(0, Lost(recall, "is_weekend", fromRight: 1), 0.5);
    }

    private static double Lost(string table, string subject, int fromRight) =>
        double.Parse(table.Split('\n').Single(line => line.StartsWith(subject + " ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^fromRight], CultureInfo.InvariantCulture);
}

using System.Globalization;
using Grid.Cli;
using Grid.Testing;

namespace Grid.Client.Tests;

public sealed class CommandTests(ServedGrid served) : IClassFixture<ServedGrid>
{
    [Theory]
    [InlineData("grid")]
    [InlineData("grid decide")]
    [InlineData("grid features")]
    [InlineData("grid simulate fraud")]
    [InlineData("grid simulate eats")]
    [InlineData("grid replay")]
    [InlineData("grid features list")]
    [InlineData("grid batch load")]
    [InlineData("grid models reload")]
    [InlineData("grid freshness report")]
    public async Task Help_says_what_was_approved(string command)
    {
        var ran = await Ran.Async([.. command.Split(' ').Skip(1), "--help"]);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Approved.Is($"help-{command.Replace(' ', '-')}.txt", ran.Out);
    }

    [Fact]
    public void Table_of_features_looks_as_was_approved()
    {
        var text = new StringWriter { NewLine = "\n" };

        TextTable.Write(text,
        [
            new("amount", 57.16, null, 0),
            new("card.rate", 0.000129, null, 12_345),
            new("card.rarely", 1.5e-9, null, 86_400_000),
            new("card.total", 1_234_567.891, null, 5, Approximate: true),
            new FeatureReading("card.device", 0, null, 61_000) { LargeInteger = 9_007_199_254_740_993 },
            new("card.country", double.NaN, "FR", 7_200_000),
            new("card.mean", double.NaN, null, FeatureReading.NoAge),
        ]);

        Approved.Is("features-table.txt", text.ToString());
    }

    [Theory]
    [InlineData("replay file.csv", "--bundle")]
    [InlineData("features card", "'grid features --help' says what would do")]
    [InlineData("repaly", "repaly")]
    [InlineData("batch load x.csv", "--kind")]
    [InlineData("freshness report x.csv", "--decision")]
    [InlineData("decide", "--field name=value")]
    [InlineData("simulate fraud", "--out")]
    [InlineData("simulate fraud --out x.csv --days -1", "days")]
    [InlineData("simulate eats", "--out")]
    [InlineData("simulate eats --out x.csv --couriers 0", "1 courier")]
    [InlineData("simulate eats --out x.csv --start monday", "'monday' is no date")]
    [InlineData("features card 1 --at yesterday", "2018-07-25")]
    [InlineData("features card 1 --url nowhere", "http://127.0.0.1:8080")]
    public async Task A_command_called_wrongly_ends_with_2_and_says_what_would_do(string args, string says)
    {
        var ran = await Ran.Async(args.Split(' '));

        Assert.Equal((2, ""), (ran.Code, ran.Out));
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_is_asked_with_fields_and_read_back()
    {
        var ran = await Ran.Async(
            ["decide", "--url", served.Address, "--field", "transaction_id=cli-1", "at=2026-01-02T03:04:05Z", "card=cli", "terminal=t", "--field", "amount=12.50"]);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains("card.tx_count_1d", ran.Out, StringComparison.Ordinal);
        Assert.Contains("card/cli", ran.Out, StringComparison.Ordinal);

        var read = await Ran.Async(["features", "card", "cli", "--at", "2026-01-02T03:04:05Z", "--url", served.Address]);
        Assert.Matches(@"card\.amount_mean_1d +12\.5 +0 ms", read.Out);
        Assert.DoesNotContain('\u001b', ran.Out + read.Out);
    }

    [Fact]
    public async Task A_decision_is_asked_with_JSON_from_standard_input()
    {
        var ran = await Ran.Async(
            ["decide", "--url", served.Address, "--event", "-", "--json"],
            """{"transaction_id":"cli-2","at":"2026-01-02T03:04:05Z","card":"c","terminal":"t","amount":1}""");

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Equal("cli-2", Grid.Json.DecisionJson.Read(System.Text.Encoding.UTF8.GetBytes(ran.Out)).EventId);
    }

    [Fact]
    public async Task What_the_grid_refuses_ends_with_1_and_its_own_words()
    {
        var ran = await Ran.Async(["decide", "--url", served.Address, "--field", "transaction_id=x", "card=c", "terminal=t", "amount=much"]);

        Assert.Equal((1, ""), (ran.Code, ran.Out));
        Assert.StartsWith("Field 'amount': found the text 'much'; a decimal number with at most 2 places", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulated_day_is_sent_to_a_grid()
    {
        var ran = await Ran.Async(["simulate", "fraud", "--url", served.Address, "--days", "9", "--customers", "20", "--terminals", "40"]);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains("transactions accepted, 0 duplicates, 0 rejected.", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_writes_a_row_for_each_decision_in_the_order_of_the_file()
    {
        var folder = Directory.CreateTempSubdirectory("grid-cli-");
        try
        {
            var (file, output) = (Path.Combine(folder.FullName, "payments.csv.gz"), Path.Combine(folder.FullName, "out.csv"));
            var simulated = await Ran.Async(["simulate", "fraud", "--out", file, "--days", "12", "--customers", "50", "--terminals", "60"]);
            Assert.Equal((0, ""), (simulated.Code, simulated.Error));
            var payments = long.Parse(simulated.Out.Split(' ')[0], CultureInfo.InvariantCulture);

            var ran = await Ran.Async(
                ["replay", file, "--bundle", Repository.Bundle("fraud"), "--source", "handbook", "--decision", "authorize", "--out", output]);

            Assert.Equal((0, ""), (ran.Code, ran.Error));
            Assert.Matches($@"decisions +{payments.ToString("N0", CultureInfo.InvariantCulture)}\n", ran.Out);
            Assert.Contains("decisions per second", ran.Out, StringComparison.Ordinal);
            var rows = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
            Assert.Equal(
                "transaction_id,amount,is_weekend,is_night,card.tx_count_1d,card.amount_mean_1d,card.tx_count_7d,card.amount_mean_7d,card.tx_count_30d,"
                + "card.amount_mean_30d,terminal.tx_count_1d,terminal.risk_1d,terminal.tx_count_7d,terminal.risk_7d,terminal.tx_count_30d,terminal.risk_30d,score,action",
                rows[0]);
            Assert.Equal(Enumerable.Range(0, (int)payments), rows.Skip(1).Select(row => int.Parse(row.Split(',')[0], CultureInfo.InvariantCulture)));

            // The plain twin of one column: payments of the card in the day before, this one included, counted by looking at all.
            var given = await PaymentsOf(file);
            for (var i = 0; i < given.Count; i++)
            {
                var (card, at) = given[i];
                var expected = given.Take(i + 1).Count(other => other.Card == card && other.At > at.AddDays(-1));
                var (sameSecond, found) = (given.Count(other => other == given[i]), int.Parse(rows[i + 1].Split(',')[4], CultureInfo.InvariantCulture));
                Assert.True(sameSecond > 1 || expected == found, $"payment {i}: {expected} expected, {found} found");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("nowhere.csv", "handbook", "There is no file 'nowhere.csv'.")]
    [InlineData("nowhere.csv", "handbok", "There is no source 'handbok'. Known: handbook.")]
    public async Task A_replay_that_cannot_begin_ends_with_1(string file, string source, string says)
    {
        var ran = await Ran.Async(["replay", file, "--bundle", Repository.Bundle("fraud"), "--source", source]);

        Assert.Equal((1, $"{says}\n"), (ran.Code, ran.Error));
    }

    private static async Task<List<(string Card, DateTime At)>> PaymentsOf(string file)
    {
        await using var gzip = new System.IO.Compression.GZipStream(File.OpenRead(file), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var lines = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Skip(1).Select(line => line.Split(',')).Select(values => (values[2], DateTime.Parse(values[1], CultureInfo.InvariantCulture)))];
    }
}

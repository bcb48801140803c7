using System.Globalization;
using Grid.Cli;
using Grid.Gzip;
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
    [InlineData("features card", "See 'grid features --help'.")]
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
        Assert.StartsWith("Field 'amount': expected a decimal number with at most 2 places", ran.Error, StringComparison.Ordinal);
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

    [Fact]
    public async Task Replay_rejects_a_row_whose_id_is_another_cards()
    {
        var folder = Directory.CreateTempSubdirectory("grid-cli-");
        try
        {
            var (file, output) = (Path.Combine(folder.FullName, "payments.csv"), Path.Combine(folder.FullName, "out.csv"));
            await File.WriteAllTextAsync(
                file,
                "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD\n1001,2018-07-25 12:00:00,cardA,s1,10.00,0\n"
                + "1001,2018-07-25 12:00:05,cardB,s2,900.00,0\n1001,2018-07-25 12:00:00,cardA,s1,10.00,0\n"
                + "1002,2018-07-25 12:00:06,cardB,s2,900.00,0\n",
                TestContext.Current.CancellationToken);
            string[] replay = ["replay", file, "--bundle", Repository.Bundle("fraud"), "--source", "handbook"];

            var decided = await Ran.Async([.. replay, "--decision", "authorize", "--out", output]);
            var observed = await Ran.Async(replay);

            Assert.All([decided, observed], ran =>
            {
                Assert.Equal(1, ran.Code);
                Assert.Matches(@"duplicates +1\n", ran.Out);
                Assert.Matches(@"rejected +1\n", ran.Out);
                Assert.Equal(
                    "row 2: Field 'transaction_id': "
                    + "expected a new id, or the content of the earlier transaction of card 'cardA' "
                    + "with at 2018-07-25T12:00:00.000Z, terminal 's1', amount 10, "
                    + "found '1001' again of card 'cardB' with at 2018-07-25T12:00:05.000Z, terminal 's2', amount 900.\n",
                    ran.Error);
            });
            var rows = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
            Assert.Equal(["1001,10", "1001,10", "1002,900"], rows.Skip(1).Select(row => string.Join(',', row.Split(',')[..2])));
            Assert.EndsWith(",approve", rows[2], StringComparison.Ordinal);
            Assert.EndsWith(",decline", rows[3], StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_replay_of_a_file_that_breaks_off_fails_and_decides_only_whole_rows()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new BundleFolder();
        var (file, output) = (Path.Combine(folder.Path, "payments.csv.gz"), Path.Combine(folder.Path, "out.csv"));
        var simulated = await Ran.Async(["simulate", "fraud", "--out", file, "--days", "40", "--customers", "200", "--terminals", "60"]);
        Assert.Equal(0, simulated.Code);
        var whole = await File.ReadAllBytesAsync(file, cancellation);
        string[] replay =
            ["replay", file, "--bundle", Repository.Bundle("fraud"), "--source", "handbook", "--decision", "authorize", "--out", output];
        Assert.Equal(0, (await Ran.Async(replay)).Code);
        var decided = await File.ReadAllLinesAsync(output, cancellation);

        foreach (var length in new[] { whole.Length - 1, whole.Length - 8, whole.Length * 9 / 10 })
        {
            await File.WriteAllBytesAsync(file, whole[..length], cancellation);
            var cut = await Ran.Async(replay);

            Assert.Equal((1, ""), (cut.Code, cut.Out));
            Assert.StartsWith(file, cut.Error, StringComparison.Ordinal);
            Assert.Contains("the file breaks off", cut.Error, StringComparison.Ordinal);
            var rows = await File.ReadAllLinesAsync(output, cancellation);
            Assert.InRange(rows.Length, 1, decided.Length - 1);
            Assert.Equal(decided.Take(rows.Length), rows);
            var made = (rows.Length - 1).ToString("N0", CultureInfo.InvariantCulture);
            Assert.Contains($"and {made} decisions made.", cut.Error, StringComparison.Ordinal);
            Assert.Matches(@"The replay stopped there: [0-9,]+ rows were read;", cut.Error);
        }
    }

    [Fact]
    public async Task Decision_on_an_id_of_another_card_ends_with_1_and_says_whose_it_is()
    {
        string[] fields = ["transaction_id=cli-9", "at=2026-01-02T03:04:05Z", "terminal=t", "amount=1"];
        string[] decide = ["decide", "--url", served.Address, "--field", .. fields];
        Assert.Equal(0, (await Ran.Async([.. decide, "card=mine"])).Code);

        var ran = await Ran.Async([.. decide, "card=yours"]);

        Assert.Equal((1, ""), (ran.Code, ran.Out));
        Assert.Contains("a new id, or the content of the earlier transaction of card 'mine'", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_of_a_file_that_is_not_UTF8_names_the_line_and_the_column()
    {
        using var folder = new BundleFolder();
        var file = Path.Combine(folder.Path, "latin1.csv");
        var text = "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD\n0,2025-07-25 12:00:00,caf\u00e9,S,10.00,0\n";
        await File.WriteAllBytesAsync(file, System.Text.Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

        var ran = await Ran.Async(["replay", file, "--bundle", Repository.Bundle("fraud"), "--source", "handbook"]);

        Assert.Equal((1, ""), (ran.Code, ran.Out));
        const string Says = ", line 2, column CUSTOMER_ID: found the byte 0xE9, which is not UTF-8";
        Assert.StartsWith(file + Says, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_in_a_file_that_is_not_UTF8_is_refused()
    {
        using var folder = new BundleFolder();
        var file = Path.Combine(folder.Path, "request.json");
        const string Json = """{"transaction_id":"cli-latin1","card":"café","terminal":"t","amount":1}""";
        var latin1 = System.Text.Encoding.Latin1.GetBytes(Json);
        await File.WriteAllBytesAsync(file, latin1, TestContext.Current.CancellationToken);

        var ran = await Ran.Async(["decide", "--url", served.Address, "--event", file]);

        Assert.Equal((1, ""), (ran.Code, ran.Out));
        Assert.StartsWith("Field 'card': expected Unicode text in UTF-8, found bytes that are no valid UTF-8", ran.Error, StringComparison.Ordinal);
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
        await using var gzip = new StrictGzipStream(File.OpenRead(file));
        using var reader = new StreamReader(gzip);
        var lines = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Skip(1).Select(line => line.Split(',')).Select(values => (values[2], DateTime.Parse(values[1], CultureInfo.InvariantCulture)))];
    }
}

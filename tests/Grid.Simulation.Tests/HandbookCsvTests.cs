using Grid.Gzip;
using Grid.Simulation.Fraud;

namespace Grid.Simulation.Tests;

public sealed class HandbookCsvTests
{
    private static readonly FraudSimulationOptions Options = new() { Customers = 100, Terminals = 200, Days = 20, Radius = 10, Seed = 42 };

    /// <summary>What seed 42 means is for ever: simulated files and the figures told of them are compared across versions.</summary>
    [Fact]
    public void The_first_rows_of_a_seed_are_frozen()
    {
        var lines = Text(Options).Split('\n');

        Assert.Equal(
            [
                "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,TX_TIME_DAYS,TX_FRAUD,TX_FRAUD_SCENARIO",
                "0,2018-04-01 00:10:48,87,188,10.27,648,0,0,0",
                "1,2018-04-01 00:29:14,41,27,86.88,1754,0,0,0",
                "2,2018-04-01 01:05:59,13,53,24.27,3959,0,0,0",
                "3,2018-04-01 01:18:09,47,13,83.15,4689,0,0,0",
                "4,2018-04-01 01:39:49,16,30,118.33,5989,0,0,0",
            ],
            lines[..6]);
        Assert.Equal("3946,2018-04-20 23:38:57,47,154,73.55,1726737,19,0,0", lines[^2]);
        Assert.Equal("", lines[^1]);
        Assert.Equal([3201, 2, 379, 365], "0123".Select(scenario => lines.Count(line => line.EndsWith($",{scenario}", StringComparison.Ordinal))));
    }

    [Fact]
    public void Times_count_from_the_first_day()
    {
        var rows = Text(Options with { Start = new(2024, 2, 28) }).Split('\n')[1..^1].Select(line => line.Split(',')).ToList();

        Assert.All(rows, row =>
        {
            var at = DateTime.ParseExact(row[1], "yyyy-MM-dd HH:mm:ss", null);
            Assert.Equal((at - new DateTime(2024, 2, 28)).TotalSeconds, double.Parse(row[5]));
            Assert.Equal((at.Date - new DateTime(2024, 2, 28)).Days, int.Parse(row[6]));
            Assert.Equal(row[7], row[8] == "0" ? "0" : "1");
        });
        Assert.Equal(20, rows.Select(row => row[6]).Distinct().Count());
        Assert.Contains(rows, row => row[1].StartsWith("2024-02-29", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_that_ends_in_gz_is_compressed_and_says_the_same()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var plain = Path.Combine(folder.FullName, "t.csv");
            var packed = Path.Combine(folder.FullName, "t.csv.gz");

            var written = HandbookCsv.WriteFile(plain, FraudSimulation.Transactions(Options), Options.Start, CancellationToken.None);
            Assert.Equal(written, HandbookCsv.WriteFile(packed, FraudSimulation.Transactions(Options), Options.Start, CancellationToken.None));

            using var unpacked = new StreamReader(new StrictGzipStream(File.OpenRead(packed)));
            Assert.Equal(Text(Options), unpacked.ReadToEnd());
            Assert.Equal(Text(Options), File.ReadAllText(plain));
            Assert.Equal(FraudSimulation.Transactions(Options).LongCount(), written);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Writing_stops_when_told()
    {
        using var stop = new CancellationTokenSource();
        using var writer = new StringWriter();
        var read = 0;
        var stream = FraudSimulation.Transactions(Options).Select(t =>
        {
            if (++read == 10)
            {
                stop.Cancel();
            }

            return t;
        });

        Assert.Throws<OperationCanceledException>(() => HandbookCsv.Write(writer, stream, Options.Start, stop.Token));
        Assert.Equal(10, read);
    }

    [Fact]
    public void The_header_is_that_of_the_published_file()
    {
        var path = Grid.Testing.Repository.SharedData("fraud/transactions.csv.gz");
        Assert.SkipWhen(path is null, "../shared/data/fraud is not here.");

        using var published = new StreamReader(new StrictGzipStream(File.OpenRead(path!)));
        Assert.Equal(HandbookCsv.Header, published.ReadLine());
    }

    private static string Text(FraudSimulationOptions options)
    {
        using var writer = new StringWriter();
        HandbookCsv.Write(writer, FraudSimulation.Transactions(options), options.Start, CancellationToken.None);
        return writer.ToString();
    }
}

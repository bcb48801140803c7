using System.Globalization;

using Grid.Gzip;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>
/// The twelve window features against those that the Handbook's authors published, over the whole of their five months. Left out are rows of
/// customers with two transactions in one second: the authors' own order of these is not stable.
/// </summary>
public sealed class PublishedFeaturesTests
{
    private static readonly string[] Ours =
    [
        "card.tx_count_1d", "card.amount_mean_1d", "card.tx_count_7d", "card.amount_mean_7d", "card.tx_count_30d", "card.amount_mean_30d",
        "terminal.tx_count_1d", "terminal.risk_1d", "terminal.tx_count_7d", "terminal.risk_7d", "terminal.tx_count_30d", "terminal.risk_30d",
    ];

    [Fact]
    public async Task Every_window_feature_equals_the_published_one()
    {
        if (Repository.SharedData("fraud/features-sample.csv.gz") is not { } sample || Repository.SharedData("fraud/transactions.csv.gz") is null)
        {
            Assert.Skip(HandbookReplay.Absent);
            return;
        }

        var published = Read(sample);
        var left = TransactionsInOneSecond();
        var compared = 0;

        await HandbookReplay.RunAsync("trees", 0, int.MaxValue, item => published.ContainsKey(item.Event["transaction_id"].Text!), decision =>
        {
            if (!left.Contains(decision.EventId))
            {
                Compare(decision, published[decision.EventId]);
                compared++;
            }
        });

        Assert.InRange(compared, 59_900, published.Count);
    }

    private static void Compare(Decision decision, double[] expected)
    {
        for (var i = 0; i < Ours.Length; i++)
        {
            var value = decision.Features.Single(feature => feature.Name == Ours[i]).Value;
            var margin = Ours[i].Contains("count", StringComparison.Ordinal) ? 0 : 1e-6;
            Assert.True(
                Math.Abs(value - expected[i]) <= margin,
                string.Create(CultureInfo.InvariantCulture, $"Transaction {decision.EventId}: {Ours[i]} is {value:R}, published is {expected[i]:R}."));
        }
    }

    private static Dictionary<string, double[]> Read(string path) => Lines(path).Skip(1)
        .Select(line => line.Split(','))
        .ToDictionary(values => values[0], values => values.Skip(1).Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray());

    private static HashSet<string> TransactionsInOneSecond()
    {
        var rows = Lines(Repository.SharedData("fraud/transactions.csv.gz")!).Skip(1).Select(line => line.Split(',', 4));
        return [.. rows.GroupBy(row => (row[1], row[2])).Where(group => group.Count() > 1).SelectMany(group => group.Select(row => row[0]))];
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new StrictGzipStream(File.OpenRead(path)));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}

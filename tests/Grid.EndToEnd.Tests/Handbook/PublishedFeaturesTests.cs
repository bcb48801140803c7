using System.Globalization;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>
/// The twelve window features against those that the Handbook's authors published, over the whole of their five months. Left out are rows of
/// customers with two transactions in one second: the authors' own order of these is not stable.
/// </summary>
[Collection(nameof(WholeHistory))]
public sealed class PublishedFeaturesTests(WholeHistory history)
{
    [Fact]
    public void Every_window_feature_equals_the_published_one()
    {
        if (history.Published.Count == 0)
        {
            Assert.Skip(HandbookReplay.Absent);
        }

        var left = HandbookFile.TransactionsInOneSecond(Repository.SharedData("fraud/transactions.csv.gz")!);
        var compared = history.Read.Where(read => !left.Contains(read.Key)).ToList();

        Assert.All(compared, read => Compare(read.Key, read.Value, history.Published[read.Key]));
        Assert.InRange(compared.Count, 59_900, history.Published.Count);
    }

    private static void Compare(string transaction, double[] values, double[] published)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var margin = WholeHistory.Windows[i].Contains("count", StringComparison.Ordinal) ? 0 : 1e-6;
            Assert.True(
                Math.Abs(values[i] - published[i]) <= margin,
                string.Create(CultureInfo.InvariantCulture, $"Transaction {transaction}: {WholeHistory.Windows[i]} is {values[i]:R}, published is {published[i]:R}."));
        }
    }
}

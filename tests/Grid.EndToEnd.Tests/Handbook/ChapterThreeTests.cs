using System.Globalization;

using Grid.Gzip;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>
/// The Handbook's chapter 3 experiment with every decision of the test week made live by the grid: the figures are those of the offline
/// experiment, within 0.002.
/// </summary>
public sealed class ChapterThreeTests(ITestOutputHelper output)
{
    // Windows of 30 days with a delay of 7 before the first test day, and a day to spare.
    private const int FirstDay = ChapterThree.TestFirst - 38;

    [Theory]
    [InlineData("logistic", 0.871, 0.606, 0.291)]
    [InlineData("trees", 0.862, 0.639, 0.273)]
    public async Task Live_decisions_score_as_the_offline_experiment(string model, double aucRoc, double averagePrecision, double cardPrecision)
    {
        if (Repository.SharedData("fraud/transactions.csv.gz") is not { } file)
        {
            Assert.Skip(HandbookReplay.Absent);
            return;
        }

        var frauds = Frauds(file);
        var test = new List<Scored>();
        await HandbookReplay.RunAsync(
            model,
            FirstDay,
            ChapterThree.TestLast,
            item => HandbookReplay.DayOf(item.At) >= ChapterThree.TestFirst,
            decision => test.Add(new(
                HandbookReplay.DayOf(decision.At),
                int.Parse(decision.Owner.Key, CultureInfo.InvariantCulture),
                frauds.ContainsKey(decision.EventId),
                decision.Score)));

        var rows = ChapterThree.WithoutKnownCards(frauds.Values, test);
        var (auc, average, card) = (ChapterThree.AucRoc(rows), ChapterThree.AveragePrecision(rows), ChapterThree.CardPrecision(rows));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model}: AUC ROC {auc:0.0000}, average precision {average:0.0000}, card precision@100 {card:0.0000}"));

        Assert.Equal((58_264, 385), (rows.Count, rows.Count(row => row.Fraud)));
        Assert.InRange(auc, aucRoc - 0.002, aucRoc + 0.002);
        Assert.InRange(average, averagePrecision - 0.002, averagePrecision + 0.002);
        Assert.InRange(card, cardPrecision - 0.002, cardPrecision + 0.002);
    }

    /// <summary>Day and card of every fraud, by its transaction.</summary>
    private static Dictionary<string, (int Day, int Card)> Frauds(string path)
    {
        using var reader = new StreamReader(new StrictGzipStream(File.OpenRead(path)));
        reader.ReadLine();
        var frauds = new Dictionary<string, (int, int)>();
        while (reader.ReadLine()?.Split(',') is { } row)
        {
            if (row[7] == "1")
            {
                frauds.Add(row[0], (int.Parse(row[6], CultureInfo.InvariantCulture), int.Parse(row[2], CultureInfo.InvariantCulture)));
            }
        }

        return frauds;
    }
}

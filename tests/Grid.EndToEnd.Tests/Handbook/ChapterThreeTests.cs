using System.Globalization;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>
/// The Handbook's chapter 3 experiment with every decision of the test week made live by the grid: the figures are those of the offline
/// experiment, within 0.002.
/// </summary>
[Collection(nameof(WholeHistory))]
public sealed class ChapterThreeTests(WholeHistory history, ITestOutputHelper output)
{
    // Windows of 30 days with a delay of 7 before the first test day, and a day to spare.
    private const int FirstDay = ChapterThree.TestFirst - 38;

    [Fact]
    public void Live_decisions_of_the_trees_score_as_the_offline_experiment()
    {
        if (history.TestWeek.Count == 0)
        {
            Assert.Skip(HandbookReplay.Absent);
        }

        Judge("trees", history.TestWeek, 0.862, 0.639, 0.273);
    }

    [Fact]
    public async Task Live_decisions_of_the_regression_score_as_the_offline_experiment()
    {
        if (Repository.SharedData("fraud/transactions.csv.gz") is not { } file)
        {
            Assert.Skip(HandbookReplay.Absent);
            return;
        }

        var frauds = HandbookFile.Frauds(file);
        var week = new List<Scored>();
        await HandbookReplay.RunAsync(
            "logistic", FirstDay, ChapterThree.TestLast, item => ChapterThree.IsOfTestWeek(item.At), decision => week.Add(ChapterThree.ScoredBy(decision, frauds)));

        Judge("logistic", week, 0.871, 0.606, 0.291);
    }

    private void Judge(string model, IReadOnlyList<Scored> week, double aucRoc, double averagePrecision, double cardPrecision)
    {
        var rows = ChapterThree.WithoutKnownCards(HandbookFile.Frauds(Repository.SharedData("fraud/transactions.csv.gz")!).Values, week);
        var (auc, average, card) = (ChapterThree.AucRoc(rows), ChapterThree.AveragePrecision(rows), ChapterThree.CardPrecision(rows));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model}: AUC ROC {auc:0.0000}, average precision {average:0.0000}, card precision@100 {card:0.0000}"));

        Assert.Equal((58_264, 385), (rows.Count, rows.Count(row => row.Fraud)));
        Assert.InRange(auc, aucRoc - 0.002, aucRoc + 0.002);
        Assert.InRange(average, averagePrecision - 0.002, averagePrecision + 0.002);
        Assert.InRange(card, cardPrecision - 0.002, cardPrecision + 0.002);
    }
}

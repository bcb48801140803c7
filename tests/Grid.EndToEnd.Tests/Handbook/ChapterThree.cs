using System.Globalization;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>One scored transaction, and what turned out to be true of it.</summary>
internal sealed record Scored(int Day, int Card, bool Fraud, double Score);

/// <summary>
/// The Handbook's chapter 3 experiment: which transactions are looked at, and its three metrics (Le Borgne et al., 2022, chapters 3 and 4).
/// Days are counted from 2018-04-01.
/// </summary>
internal static class ChapterThree
{
    public const int TrainFirst = 115;
    public const int TestFirst = 129;
    public const int TestLast = 135;
    private const int TrainDays = 7;
    private const int Top = 100;

    public static bool IsOfTestWeek(EventTime at) => HandbookReplay.DayOf(at) is >= TestFirst and <= TestLast;

    /// <summary>A decision of the test week, with what turned out to be true of it.</summary>
    public static Scored ScoredBy(Decision decision, Dictionary<string, (int Day, int Card)> frauds) => new(
        HandbookReplay.DayOf(decision.At), int.Parse(decision.Owner.Key, CultureInfo.InvariantCulture), frauds.ContainsKey(decision.EventId), decision.Score);

    /// <summary>Leaves out, of each test day, the cards that were known to be compromised before it.</summary>
    /// <param name="frauds">Day and card of every fraud.</param>
    /// <param name="test">The scored transactions of the test week.</param>
    public static IReadOnlyList<Scored> WithoutKnownCards(IEnumerable<(int Day, int Card)> frauds, IEnumerable<Scored> test)
    {
        var first = frauds.Where(fraud => fraud.Day >= TrainFirst).GroupBy(fraud => fraud.Card)
            .ToDictionary(card => card.Key, card => card.Min(fraud => fraud.Day));
        return [.. test.Where(row => !first.TryGetValue(row.Card, out var day) || day >= TrainFirst + TrainDays + (row.Day - TestFirst))];
    }

    /// <summary>Area under the ROC curve: the chance that a fraud scores above a good one, half of a tie.</summary>
    public static double AucRoc(IReadOnlyList<Scored> rows)
    {
        double below = 0, pairs = 0, good = 0;
        foreach (var tie in rows.GroupBy(row => row.Score).OrderBy(tie => tie.Key))
        {
            double frauds = tie.Count(row => row.Fraud);
            var others = tie.Count() - frauds;
            below += frauds * (good + (others / 2));
            good += others;
            pairs += frauds;
        }

        return below / (pairs * good);
    }

    /// <summary>The sum over thresholds of precision times the growth of recall.</summary>
    public static double AveragePrecision(IReadOnlyList<Scored> rows)
    {
        double all = rows.Count(row => row.Fraud), frauds = 0, taken = 0, sum = 0;
        foreach (var tie in rows.GroupBy(row => row.Score).OrderByDescending(tie => tie.Key))
        {
            double more = tie.Count(row => row.Fraud);
            frauds += more;
            taken += tie.Count();
            sum += more / all * (frauds / taken);
        }

        return sum;
    }

    /// <summary>
    /// The mean over days of the share of compromised cards among the 100 with the highest score of the day; a card that was found is not
    /// looked at on a later day. Equal scores are taken in the order of the card's number.
    /// </summary>
    public static double CardPrecision(IReadOnlyList<Scored> rows)
    {
        HashSet<int> found = [];
        return rows.GroupBy(row => row.Day).OrderBy(day => day.Key).Select(day =>
        {
            var caught = day.Where(row => !found.Contains(row.Card))
                .GroupBy(row => row.Card)
                .Select(card => (Card: card.Key, Score: card.Max(row => row.Score), Fraud: card.Any(row => row.Fraud)))
                .OrderByDescending(card => card.Score).ThenBy(card => card.Card)
                .Take(Top)
                .Where(card => card.Fraud)
                .Select(card => card.Card)
                .ToList();
            found.UnionWith(caught);
            return caught.Count / (double)Top;
        }).Average();
    }
}

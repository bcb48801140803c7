namespace Grid.Cli.Freshness;

/// <summary>How well alerts are raised: by scores, against what turned out to be true.</summary>
internal static class Alerts
{
    /// <summary>
    /// The share of the true ones that are among the highest scores, where so many are alerted. Of equal scores at the edge each counts by its
    /// chance to be taken; what has no score comes last.
    /// </summary>
    public static double Recall(IReadOnlyList<double> scores, IReadOnlyList<bool> truth, int alerts)
    {
        double caught = 0, left = alerts;
        foreach (var tie in Ties(scores, truth))
        {
            var taken = Math.Min(left, tie.Count);
            caught += tie.True * (taken / tie.Count);
            left -= taken;
        }

        return caught / truth.Count(one => one);
    }

    /// <summary>The sum over thresholds of precision times the growth of recall.</summary>
    public static double AveragePrecision(IReadOnlyList<double> scores, IReadOnlyList<bool> truth)
    {
        double all = truth.Count(one => one), caught = 0, taken = 0, sum = 0;
        foreach (var tie in Ties(scores, truth))
        {
            caught += tie.True;
            taken += tie.Count;
            sum += tie.True / all * (caught / taken);
        }

        return sum;
    }

    private static IEnumerable<(double Count, double True)> Ties(IReadOnlyList<double> scores, IReadOnlyList<bool> truth)
    {
        var order = Enumerable.Range(0, scores.Count).ToArray();
        var keys = scores.Select(score => double.IsNaN(score) ? double.PositiveInfinity : -score).ToArray();
        Array.Sort(keys, order);
        for (var i = 0; i < order.Length;)
        {
            var (first, hits) = (i, 0);
            for (; i < order.Length && keys[i] == keys[first]; i++)
            {
                hits += truth[order[i]] ? 1 : 0;
            }

            yield return (i - first, hits);
        }
    }
}

/// <summary>How well a time is predicted: against how long it took.</summary>
internal static class Arrivals
{
    /// <summary>In the predictions' own unit; what has no prediction is left out.</summary>
    public static double MeanAbsoluteError(IReadOnlyList<double> predicted, IReadOnlyList<double> took) =>
        predicted.Zip(took, (one, other) => Math.Abs(one - other)).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The share that lies in its range, ends included.</summary>
    public static double Covered(IReadOnlyList<double> low, IReadOnlyList<double> high, IReadOnlyList<double> took) =>
        Enumerable.Range(0, took.Count).Average(i => low[i] <= took[i] && took[i] <= high[i] ? 1.0 : 0);
}

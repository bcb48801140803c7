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

/// <summary>How well a ranking puts first what was chosen. Candidates with equal scores share their places, each by its chance.</summary>
internal static class Places
{
    /// <summary>How many places the discounted gain counts.</summary>
    public const int Counted = 10;

    /// <summary>How many places count for what is among the first.</summary>
    public const int First = 5;

    /// <summary>The discounted gain of the first places, over that of the best order; what has no score comes last.</summary>
    public static double Ndcg(IReadOnlyList<double> scores, IReadOnlyList<bool> chosen)
    {
        var gains = Gains(scores, chosen);
        var best = Math.Min(Counted, chosen.Count(one => one));
        return Enumerable.Range(0, Math.Min(Counted, gains.Length)).Sum(place => gains[place] * Discount(place)) / Enumerable.Range(0, best).Sum(Discount);
    }

    /// <summary>The chance that something chosen is among the first places: exact where one was chosen.</summary>
    public static double Hit(IReadOnlyList<double> scores, IReadOnlyList<bool> chosen) => Math.Min(1, Gains(scores, chosen).Take(First).Sum());

    private static double Discount(int place) => 1 / Math.Log2(place + 2);

    /// <summary>By place, the chance that a chosen one stands there.</summary>
    private static double[] Gains(IReadOnlyList<double> scores, IReadOnlyList<bool> chosen)
    {
        var order = Enumerable.Range(0, scores.Count).ToArray();
        var keys = scores.Select(score => double.IsNaN(score) ? double.PositiveInfinity : -score).ToArray();
        Array.Sort(keys, order);
        var gains = new double[order.Length];
        for (var first = 0; first < order.Length;)
        {
            var last = first;
            var hits = 0;
            for (; last < order.Length && keys[last] == keys[first]; last++)
            {
                hits += chosen[order[last]] ? 1 : 0;
            }

            gains.AsSpan(first, last - first).Fill((double)hits / (last - first));
            first = last;
        }

        return gains;
    }
}

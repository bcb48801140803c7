namespace Grid.Silo.Demo;

/// <summary>How well the fraud was caught.</summary>
internal sealed record DemoFigures
{
    public int Payments { get; private init; }

    public int Frauds { get; private init; }

    public int FraudsDeclined { get; private init; }

    public int FraudsReviewed { get; private init; }

    public int GoodDeclined { get; private init; }

    public int GoodReviewed { get; private init; }

    /// <summary>Area under the ROC curve: how often a fraud scores above a good payment; ties count half. NaN where there is none of either.</summary>
    public double Auc { get; private init; }

    /// <summary>Of what was declined, the share that was fraud. NaN where nothing was.</summary>
    public double DeclinePrecision => (double)FraudsDeclined / (FraudsDeclined + GoodDeclined);

    public static DemoFigures Of(IReadOnlyCollection<DemoAnswer> answers)
    {
        int Count(string action, bool fraud) => answers.Count(answer => answer.Payment.Fraud == fraud && answer.Decision.Action == action);

        return new()
        {
            Payments = answers.Count,
            Frauds = answers.Count(answer => answer.Payment.Fraud),
            FraudsDeclined = Count("decline", true),
            FraudsReviewed = Count("review", true),
            GoodDeclined = Count("decline", false),
            GoodReviewed = Count("review", false),
            Auc = AucOf(answers),
        };
    }

    public static (TimeSpan P50, TimeSpan P99) Latencies(IReadOnlyCollection<DemoAnswer> answers)
    {
        var sorted = answers.Select(answer => answer.Latency).Order().ToArray();
        return (sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)]);
    }

    // Mann and Whitney's rank sum.
    private static double AucOf(IReadOnlyCollection<DemoAnswer> answers)
    {
        var (rank, sum, frauds) = (0.0, 0.0, 0);
        foreach (var tied in answers.GroupBy(answer => answer.Decision.Score).OrderBy(group => group.Key))
        {
            var count = tied.Count();
            var fraud = tied.Count(answer => answer.Payment.Fraud);
            sum += fraud * (rank + ((count + 1) / 2.0));
            rank += count;
            frauds += fraud;
        }

        return (sum - (frauds * (frauds + 1) / 2.0)) / ((double)frauds * (answers.Count - frauds));
    }
}

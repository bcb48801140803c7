using Grid.Cli.Freshness;

namespace Grid.Client.Tests;

/// <summary>The figures of the freshness report against plain ways to count them.</summary>
public sealed class AlertsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Recall_is_the_mean_over_every_order_of_equal_scores(int seed)
    {
        var random = new Random(seed);
        var scores = Enumerable.Range(0, 40).Select(_ => random.Next(8) == 0 ? double.NaN : random.Next(6) / 4.0).ToList();
        var truth = scores.Select(_ => random.Next(3) == 0).ToList();

        for (var alerts = 0; alerts <= scores.Count; alerts += 7)
        {
            var drawn = Enumerable.Range(0, 4_000).Average(_ => Enumerable.Range(0, scores.Count)
                .OrderByDescending(i => double.IsNaN(scores[i]) ? double.NegativeInfinity : scores[i]).ThenBy(_ => random.Next())
                .Take(alerts).Count(i => truth[i]) / (double)truth.Count(one => one));
            Assert.Equal(drawn, Alerts.Recall(scores, truth, alerts), 0.02);
        }
    }

    [Fact]
    public void Average_precision_is_the_mean_precision_at_each_true_one()
    {
        var random = new Random(7);
        var scores = Enumerable.Range(0, 300).Select(_ => random.NextDouble()).ToList();
        var truth = scores.Select(score => random.NextDouble() < score * score).ToList();
        var order = Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).ToList();

        var plain = Enumerable.Range(0, order.Count).Where(place => truth[order[place]])
            .Average(place => order.Take(place + 1).Count(i => truth[i]) / (double)(place + 1));

        Assert.Equal(plain, Alerts.AveragePrecision(scores, truth), 1e-12);
    }

    [Fact]
    public void Arrivals_are_judged_by_the_mean_error_and_by_what_the_range_covers()
    {
        Assert.Equal(15, Arrivals.MeanAbsoluteError([100, 200], [110, 220]));
        Assert.Equal(0.5, Arrivals.Covered([90, 230], [110, 240], [110, 220]));
    }
}

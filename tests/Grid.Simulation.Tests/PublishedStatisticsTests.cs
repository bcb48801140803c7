using Grid.Simulation.Fraud;

namespace Grid.Simulation.Tests;

/// <summary>The published set's own statistics over its 153 days, against ours: another draw from the same description.</summary>
public sealed class PublishedStatisticsTests
{
    [Fact]
    public void A_world_of_the_published_size_looks_like_the_published_set()
    {
        var counts = new long[4];
        long genuine = 0, customersSeen = 0;
        double amounts = 0, seconds = 0, squares = 0;
        var seen = new HashSet<int>();
        foreach (var t in FraudSimulation.Transactions(new FraudSimulationOptions { Days = 153 }))
        {
            counts[(int)t.Scenario]++;
            seen.Add(t.CustomerId);
            var second = t.At.TimeOfDay.TotalSeconds;
            seconds += second;
            squares += second * second;
            if (!t.Fraud)
            {
                genuine++;
                amounts += (double)t.Amount;
            }
        }

        customersSeen = seen.Count;
        var all = counts.Sum();
        var meanSecond = seconds / all;
        Assert.InRange(all / 5_000.0 / 153, 1.917 - 0.06, 1.917 + 0.06);
        Assert.InRange((all - counts[0]) / (double)all, 0.0083 - 0.0008, 0.0083 + 0.0008);
        Assert.InRange(counts[1], 829 * 0.7, 829 * 1.3);
        Assert.InRange(counts[2], 7_441 * 0.93, 7_441 * 1.07);
        Assert.InRange(counts[3], 3_864 * 0.93, 3_864 * 1.07);
        Assert.InRange(amounts / genuine, 52.99 - 1.5, 52.99 + 1.5);
        Assert.InRange(meanSecond, 43_200 - 100, 43_200 + 100);
        Assert.InRange(Math.Sqrt((squares / all) - (meanSecond * meanSecond)), 18_187 - 100, 18_187 + 100);
        Assert.InRange(customersSeen, 4_970, 5_000);
    }
}

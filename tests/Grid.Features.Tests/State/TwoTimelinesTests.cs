using Grid.Features.Plans;

namespace Grid.Features.Tests.State;

/// <summary>Kinds that keep two types of events, each as long as it says.</summary>
public sealed class TwoTimelinesTests
{
    [Theory]
    [InlineData(1, 80, 20_000, 20_000)]
    [InlineData(2, 900, 20_000, 6_500)]
    [InlineData(3, 900, 6_500, 20_000)]
    public void Both_read_as_their_plain_twins_do_and_come_back_from_snapshots(int seed, int events, long retention, long visitRetention)
    {
        using var run = new TwinRun(Plan(retention, visitRetention));
        var random = new Random(seed);
        var now = 1_000_000L;
        for (var i = 0; i < events; i++)
        {
            now += random.Next(random.Next(50) == 0 ? 9_000 : 60);
            var at = random.Next(5) == 0 ? now - random.Next(8_000) : now;
            var thing = new PlainPayment($"x{i}", at, random.Next(6) == 0 ? null : random.Next(-500, 1_500), random.Next(4) == 0 ? null : "s" + random.Next(6), null);
            if (random.Next(2) == 0)
            {
                run.Apply(thing);
            }
            else
            {
                run.Visit(thing);
            }

            if (run.Twin.Payments.Count > 0 && random.Next(3) == 0)
            {
                run.Amend(new(run.Twin.Payments[random.Next(run.Twin.Payments.Count)], now - random.Next(2_000), random.Next(2) == 0, random.Next(4)));
            }

            if (random.Next(30) == 0)
            {
                run.Reload();
            }

            if (i % 9 == 0)
            {
                run.Compare(now);
                run.Compare(now - random.Next(9_000));
            }
        }

        run.Reload();
        run.Compare(now);
    }

    private static DefinitionPlan Plan(long retention, long visitRetention)
    {
        var plans = StatePlans.Everything(700, 6_000, FeaturePlan.WholeHistory);
        foreach (var window in new[] { 700, 6_000, FeaturePlan.WholeHistory })
        {
            plans.Feature(Aggregation.Count, -1, window, timeline: 1);
            plans.Feature(Aggregation.SinceLast, -1, window, timeline: 1);
            foreach (var aggregation in new[] { Aggregation.Sum, Aggregation.StdDev, Aggregation.Min, Aggregation.Distinct, Aggregation.Last })
            {
                plans.Feature(aggregation, 0, window, delay: 300, timeline: 1);
            }

            foreach (var aggregation in new[] { Aggregation.Top, Aggregation.First, Aggregation.Distinct, Aggregation.Count })
            {
                plans.Feature(aggregation, 1, window, timeline: 1);
            }
        }

        return plans.Build(retention, visits: true, visitRetention);
    }
}

using Grid.Features.Plans;

namespace Grid.Features.Tests.State;

/// <summary>Labels that fill in text.</summary>
public sealed class TextLabelTests
{
    private const long Start = 1_000_000;

    [Theory]
    [InlineData(1, 60, 300)]
    [InlineData(2, 400, 60)]
    [InlineData(3, 600, 20)]
    public void Verdicts_read_as_their_plain_twin_does_at_every_moment(int seed, int events, int step)
    {
        using var run = new TwinRun(Plan());
        var random = new Random(seed);
        var now = Start;
        for (var i = 0; i < events; i++)
        {
            now += random.Next(step);
            var late = random.Next(6) == 0 ? random.Next(4_000) : 0;
            run.Apply(new($"p{i}", now - late, random.Next(1_000), random.Next(3) == 0 ? "v1" : null, null));
            for (var more = random.Next(4); more > 0; more--)
            {
                var payment = run.Twin.Payments[random.Next(run.Twin.Payments.Count)];

                // Few moments and verdicts: several labels of one payment, some known at one moment, some told in another order than they were known.
                var known = now - (random.Next(6) * 500);
                run.Amend(new(payment, known, null, null, random.Next(8) == 0 ? null : "v" + random.Next(5)));
            }

            if (random.Next(40) == 0)
            {
                run.Reload();
            }

            if (i % (events / 40 + 1) == 0)
            {
                run.Compare(now);
                run.Compare(now - random.Next(5_000));
                run.Compare(now + random.Next(5_000));
            }
        }

        run.Reload();
        run.Compare(now);
        run.Store.Remove(run.Card);
        Assert.Equal(0, run.Store.HeldTexts);
    }

    [Fact]
    public void A_verdict_that_is_corrected_is_remembered_as_it_was_known_then()
    {
        using var run = new TwinRun(Plan());
        var payment = new PlainPayment("p1", Start, 900, null, null);
        run.Apply(payment);
        run.Amend(new(payment, Start + 200, null, null, "stolen"));
        run.Amend(new(payment, Start + 100, null, null, "fine"));
        var last = Plan().Kinds[0].Features.First(feature => feature.Aggregation == Aggregation.Last && feature.WindowMilliseconds == FeaturePlan.WholeHistory).Ordinal;

        Assert.Equal(
            [null, "fine", "stolen"],
            new[] { 50, 150, 250 }.Select(after =>
            {
                var values = new ReadValue[1];
                run.Store.Read(run.Card, EventTime.FromUnixMilliseconds(Start + after), [last], values);
                return values[0].Value.Text;
            }));
    }

    private static DefinitionPlan Plan()
    {
        var plans = new StatePlans();
        var verdict = plans.Column(StatePlans.Verdict, ColumnStorage.Text, isLabel: true);
        var large = plans.Column(StatePlans.Verdict, ColumnStorage.Text, filtered: true, isLabel: true);
        var shop = plans.Column(StatePlans.Shop, ColumnStorage.Text);
        foreach (var window in new[] { 700, 6_000, FeaturePlan.WholeHistory })
        {
            foreach (var delay in new[] { 0, 450 })
            {
                foreach (var aggregation in new[] { Aggregation.Count, Aggregation.Distinct, Aggregation.First, Aggregation.Last, Aggregation.Top, Aggregation.SinceLast })
                {
                    plans.Feature(aggregation, verdict, window, delay);
                    plans.Feature(aggregation, large, window, delay);
                    plans.Feature(aggregation, shop, window, delay);
                }
            }
        }

        return plans.Build(retention: 15_000);
    }
}

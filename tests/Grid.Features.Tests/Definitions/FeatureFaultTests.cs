using Grid.Features.Tests.State;

namespace Grid.Features.Tests.Definitions;

/// <summary>What is told of definitions of open things, quantiles, weighed values, measured fields and batch features that are at fault.</summary>
public sealed class FeatureFaultTests
{
    [Theory]
    [InlineData("{ open: placed }", "'until' is missing")]
    [InlineData("{ open: placed, until: readi }", "There is no event 'readi'. Did you mean 'ready'?")]
    [InlineData("{ open: placed, until: placed }", "expected 'latest'")]
    [InlineData("{ open: placed, until: [ready, ready] }", "'ready' is named twice")]
    [InlineData("{ open: placed, until: [] }", "an event, or a list of events")]
    [InlineData("{ open: placed, until: [{ a: b }] }", "an event, or a list of events")]
    [InlineData("{ open: placed, until: elsewhere }", "'elsewhere' has no key of kind shop")]
    [InlineData("{ open: placed, until: verdict }", "'verdict' is a label of 'ready'")]
    [InlineData("{ open: placed, until: came }", "'came' has no string field 'order' to be matched by")]
    [InlineData("{ open: placed, until: ready, by: ordr }", "'placed' has no string field 'ordr' to be matched by. Did you mean 'order'?")]
    [InlineData("{ open: placed, until: ready, by: grade }", "no string field 'grade'")]
    [InlineData("{ open: placed.order, until: ready }", "takes an event without a field")]
    [InlineData("{ open: placed, until: ready, q: 1 }", "There is no key 'q' here")]
    [InlineData("{ latest: came }", "'by' is missing")]
    [InlineData("{ latest: came, by: cook, where: \"cook\" }", "expected a condition (true or false)")]
    [InlineData("{ latest: came, by: cook, until: came }", "ends itself as it is")]
    [InlineData("{ quantile: ready.kitchen }", "'q' is missing")]
    [InlineData("{ quantile: ready.kitchen, q: 1.1 }", "Expected a part from 0 to 1")]
    [InlineData("{ quantile: ready.kitchen, q: 0.1234567891 }", "at most nine decimal places")]
    [InlineData("{ quantile: ready.order, q: 0.5 }", "it is text")]
    [InlineData("{ count: ready, until: placed }", "There is no key 'until' here")]
    [InlineData("{ count: ready, where: \"kitchen > 5\" }", "'kitchen' is measured from an earlier event, which may come in later")]
    [InlineData("{ mean: far.wait }", "'far.wait' is measured from 'elsewhere', which has no key of kind shop")]
    [InlineData("{ decayed_mean: ready.size, half_life: 1d, window: 65d }", "expected a window of at most 64d")]
    [InlineData("{ decayed_mean: ready.size }", "'half_life' is missing")]
    [InlineData("{ decayed_sum: ready.price, half_life: 1d }", "'price' may be of any; give it a 'min' and a 'max' within 2748779069.44 either way")]
    [InlineData("{ decayed_sum: ready.wide, half_life: 1d }", "'wide' may be of any")]
    [InlineData("{ batch: string }", "Expected text, number or boolean, found 'string'")]
    [InlineData("{ batch: text, max_age: soon }", "Expected a length of time")]
    [InlineData("{ batch: number, empty: none }", "Expected a number, found 'none'")]
    [InlineData("{ batch: number, window: 1d }", "There is no key 'window' here")]
    public void A_feature_at_fault_is_told_with_what_would_do(string feature, string told) =>
        Assert.Contains(told, Assert.Single(DefinedPlan.FaultsOf(Yaml(feature))), StringComparison.Ordinal);

    [Theory]
    [InlineData("{ seconds_since: place }", "There is no event 'place'. Did you mean 'placed'?")]
    [InlineData("{ seconds_since: ready }", "'ready' is this event itself")]
    [InlineData("{ seconds_since: verdict }", "'verdict' is a label")]
    [InlineData("{ seconds_since: came }", "'came' has no string field 'cook'", "'ready' has no string field 'cook'")]
    [InlineData("{ seconds_since: placed, by: size }", "no string field 'size'")]
    [InlineData("{ seconds_since: placed, within: 0s }", "Expected a length of time above zero")]
    [InlineData("{ seconds_since: placed, type: integer }", "There is no key 'type' here")]
    public void A_measured_field_at_fault_is_told_with_what_would_do(string field, string told, string? orTold = null)
    {
        var faults = DefinedPlan.FaultsOf(Yaml("{ count: ready }").Replace("{ seconds_since: placed, within: 6h }", field, StringComparison.Ordinal));

        Assert.Contains(faults, fault => fault.Contains(told, StringComparison.Ordinal) || fault.Contains(orTold ?? told, StringComparison.Ordinal));
    }

    [Fact]
    public void Events_that_are_measured_from_one_another_are_told()
    {
        var faults = DefinedPlan.FaultsOf("""
            events:
              a: { id: id, time: at, fields: { id: string, at: timestamp, shop: string, late: { seconds_since: b } }, keys: { shop: shop } }
              b: { id: id, time: at, fields: { id: string, at: timestamp, shop: string, late: { seconds_since: a } }, keys: { shop: shop } }
            entities:
              shop:
                one: { max: a.late }
                other: { max: b.late }
            """);

        Assert.Contains("in a circle ('seconds_since')", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void What_ends_a_thing_is_kept_long_enough()
    {
        var faults = DefinedPlan.FaultsOf(Yaml("{ open: placed, until: ready, window: 6h }").Replace("  shop:\n", "  shop:\n    retention: 1d\n", StringComparison.Ordinal));

        Assert.Contains("expected a 'retention' of at least 1d6h", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Definitions_are_told_in_words()
    {
        var plan = DefinedPlan.Of(Yaml("""
            { open: placed, until: [ready], window: 6h }
                p90: { quantile: ready.kitchen, q: 0.90, window: 1h }
                cooks: { latest: came, by: cook, window: 1h }
                sizes: { decayed_mean: ready.size, half_life: 1h }
                mood: { batch: text, max_age: 2d, empty: calm }
            """));

        Assert.Equal(
            [
                "open placed until ready by order over 6h",
                "quantile of ready.kitchen at 0.9 over 1h",
                "latest came by cook over 1h",
                "decayed mean of ready.size, half-life 1h, over 1d8h",
                "batch text, at most 2d old, calm where empty",
            ],
            plan.Kinds[0].Features.Select(feature => feature.Definition));
    }

    private static string Yaml(string feature) => $$"""
        events:
          placed: { id: order, time: at, fields: { order: string, at: timestamp, shop: string, grade: integer }, keys: { shop: shop } }
          came: { id: cook, time: at, fields: { cook: string, at: timestamp, shop: string }, keys: { shop: shop } }
          ready:
            id: event
            time: at
            fields:
              event: string
              order: string
              at: timestamp
              shop: string
              size: { type: integer, min: 0, max: 9 }
              price: decimal(2)
              wide: { type: integer, min: 0, max: 999999999999 }
              kitchen: { seconds_since: placed, within: 6h }
            keys: { shop: shop }
          verdict: { labels: ready, time: at, fields: { event: string, at: timestamp, good: boolean } }
          elsewhere: { id: order, time: at, fields: { order: string, at: timestamp, town: string }, keys: { town: town } }
          far: { id: event, time: at, fields: { event: string, order: string, at: timestamp, shop: string, wait: { seconds_since: elsewhere } }, keys: { shop: shop } }
        entities:
          shop:
            it: {{feature}}
          town:
            all: { count: elsewhere }
        """.ReplaceLineEndings("\n");
}

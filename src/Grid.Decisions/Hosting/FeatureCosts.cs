using Grid.Decisions.Plans;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Decisions.Hosting;

/// <summary>Says how many nanoseconds one run of some work took.</summary>
/// <param name="work">The work, which says how many runs it made.</param>
internal delegate double Timing(Func<int> work);

/// <summary>What reading a feature costs: each alone, of a few entities that are in memory. The host has the clock.</summary>
internal static class FeatureCosts
{
    /// <summary>How many entities of a kind are read.</summary>
    public const int Entities = 16;

    private const int Rounds = 8;

    /// <summary>One cost for each feature of a kind, none measured yet.</summary>
    public static double[] Unknown(KindPlan kind)
    {
        var costs = new double[kind.Features.Count];
        Array.Fill(costs, double.NaN);
        return costs;
    }

    /// <summary>Mean nanoseconds of one read of a feature. The store is the caller's alone meanwhile.</summary>
    /// <param name="store">Where the entities are.</param>
    /// <param name="sample">Some entities of the feature's kind, at least one.</param>
    /// <param name="feature">The feature's place in its kind.</param>
    /// <param name="at">The moment to read at.</param>
    /// <param name="timing">Measures it.</param>
    public static double Measure(EntityStore store, List<EntityHandle> sample, int feature, EventTime at, Timing timing)
    {
        Read(store, sample, feature, at, 1); // What a first read makes is not counted.
        return timing(() => Read(store, sample, feature, at, Rounds));
    }

    /// <summary>The same of a feature that is computed from the request.</summary>
    public static double Measure(DecisionPlan decision, OnDemandPlan feature, Timing timing)
    {
        // Of a request with nothing in it but its defaults: an expression runs the same steps whatever it is over.
        var row = new EventRow();
        row.Reset(decision.RowPlan);
        var inputs = new Value[decision.Inputs];
        feature.Expression.Evaluate(row, inputs);
        return timing(() =>
        {
            for (var round = 0; round < Rounds * Entities; round++)
            {
                feature.Expression.Evaluate(row, inputs);
            }

            return Rounds * Entities;
        });
    }

    private static int Read(EntityStore store, List<EntityHandle> sample, int feature, EventTime at, int rounds)
    {
        Span<ReadValue> value = [default];
        ReadOnlySpan<int> features = [feature];
        for (var round = 0; round < rounds; round++)
        {
            foreach (var entity in sample)
            {
                store.Read(entity, at, features, value);
            }
        }

        return rounds * sample.Count;
    }
}

using Grid.Decisions.Plans;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Decisions.Hosting;

/// <summary>Measures the nanoseconds of one run of some work.</summary>
/// <param name="work">The work; returns the number of runs it made.</param>
internal delegate double Timing(Func<int> work);

/// <summary>Measures the cost of reading each feature, over a few entities in memory. The host supplies the clock.</summary>
internal static class FeatureCosts
{
    /// <summary>The number of entities of a kind that are read.</summary>
    public const int Entities = 16;

    private const int Rounds = 8;

    /// <summary>An unmeasured cost for each feature of a kind.</summary>
    public static double[] Unknown(KindPlan kind)
    {
        var costs = new double[kind.Features.Count];
        Array.Fill(costs, double.NaN);
        return costs;
    }

    /// <summary>Mean nanoseconds per read of a feature. The caller must have exclusive access to the store.</summary>
    /// <param name="store">The store of the entities.</param>
    /// <param name="sample">Some entities of the feature's kind, at least one.</param>
    /// <param name="feature">The feature's ordinal in its kind.</param>
    /// <param name="at">The read time.</param>
    /// <param name="timing">Measures the reads.</param>
    public static double Measure(EntityStore store, List<EntityHandle> sample, int feature, EventTime at, Timing timing)
    {
        Read(store, sample, feature, at, 1); // The first read builds caches and is not counted.
        return timing(() => Read(store, sample, feature, at, Rounds));
    }

    /// <summary>Mean nanoseconds per evaluation of an on-demand feature.</summary>
    public static double Measure(DecisionPlan decision, OnDemandPlan feature, Timing timing)
    {
        // Over a request with defaults only: an expression takes the same steps for any values.
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

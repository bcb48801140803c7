using System.Diagnostics;

using Grid.Features;

namespace Grid.Decisions;

/// <summary>Measures what reading a feature costs: each alone, of a few entities that are in memory.</summary>
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
    public static double Measure(EntityStore store, List<EntityHandle> sample, int feature, EventTime at)
    {
        Span<ReadValue> value = [default];
        ReadOnlySpan<int> features = [feature];
        store.Read(sample[0], at, features, value); // What a first read makes is not counted.
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var entity in sample)
            {
                store.Read(entity, at, features, value);
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / (Rounds * sample.Count);
    }

    /// <summary>The same of a feature that is computed from the request.</summary>
    public static double Measure(DecisionPlan decision, OnDemandPlan feature)
    {
        // Of a request with nothing in it but its defaults: an expression runs the same steps whatever it is over.
        var row = new EventRow();
        row.Reset(decision.RowPlan);
        var inputs = new Value[decision.Inputs];
        feature.Expression.Evaluate(row, inputs);
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds * Entities; round++)
        {
            feature.Expression.Evaluate(row, inputs);
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / (Rounds * Entities);
    }
}

using System.Diagnostics;

using Grid.Decisions;
using Grid.Features;

namespace Grid.Engine;

/// <summary>Lists every feature with its tier, and measures what reading it costs: of entities that are in memory, each feature alone.</summary>
internal static class Catalogue
{
    private const int Entities = 16;
    private const int Rounds = 8;

    public static async Task<IReadOnlyList<FeatureEntry>> ListAsync(EngineCore core)
    {
        var entries = new List<FeatureEntry>();
        foreach (var kind in core.Bundle.Definitions.Kinds)
        {
            var costs = await MeasureAsync(core, kind).ConfigureAwait(false);
            entries.AddRange(kind.Features.Select(feature => Entry(core, kind, feature, costs[feature.Ordinal])));
        }

        foreach (var decision in core.Bundle.Decisions)
        {
            entries.AddRange(decision.OnDemand.Select(feature => new FeatureEntry(
                $"{decision.Name}.{feature.Name}", FeatureTier.OnDemand, decision.Name, feature.Expression.Text, null, 0, null, null, Measure(decision, feature))));
        }

        return entries;
    }

    private static FeatureEntry Entry(EngineCore core, KindPlan kind, FeaturePlan feature, double nanoseconds)
    {
        var isWhole = feature.Aggregation == Aggregation.None || feature.WindowMilliseconds == FeaturePlan.WholeHistory;
        var loaded = feature.Batch is null ? null : core.Loaded.Of(feature, kind, EventTime.From(core.Time.GetUtcNow()));
        return new(
            feature.FullName,
            feature.Batch is null ? FeatureTier.Streaming : FeatureTier.Batch,
            kind.Name,
            feature.Definition,
            isWhole ? null : feature.WindowMilliseconds,
            feature.DelayMilliseconds,
            feature.Batch?.MaxAgeMilliseconds,
            loaded is null ? null : BatchLoader.ReceiptOf(loaded),
            nanoseconds);
    }

    /// <summary>Nanoseconds a read of each feature, in the first shard that has entities of the kind; one feature a turn, so that calls are not kept waiting.</summary>
    private static async Task<double[]> MeasureAsync(EngineCore core, KindPlan kind)
    {
        var costs = new double[kind.Features.Count];
        Array.Fill(costs, double.NaN);
        var at = EventTime.From(core.Time.GetUtcNow());
        foreach (var shard in core.Shards)
        {
            var next = 0;
            await ShardTask.RunAsync(shard, on =>
            {
                var store = on.Entities.Store;
                var sample = Sample(store, kind.Ordinal);
                if (sample.Count == 0 || next == costs.Length)
                {
                    return false;
                }

                costs[next] = Measure(store, sample, next, at);
                next++;
                return next < costs.Length;
            }).ConfigureAwait(false);
            if (costs.Length == 0 || !double.IsNaN(costs[0]))
            {
                break;
            }
        }

        return costs;
    }

    private static double Measure(EntityStore store, List<EntityHandle> sample, int feature, EventTime at)
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

    private static List<EntityHandle> Sample(EntityStore store, int kind)
    {
        var sample = new List<EntityHandle>();
        for (var entity = store.Next(EntityHandle.None); entity.Exists && sample.Count < Entities; entity = store.Next(entity))
        {
            if (store.KindOf(entity) == kind)
            {
                sample.Add(entity);
            }
        }

        return sample;
    }

    // Of a request with nothing in it but its defaults: an expression runs the same steps whatever it is over.
    private static double Measure(DecisionPlan decision, OnDemandPlan feature)
    {
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

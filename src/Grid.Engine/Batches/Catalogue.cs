using Grid.Decisions.Hosting;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>Lists every feature with its tier, and measures what reading it costs: of entities that are in memory, each feature alone.</summary>
internal static class Catalogue
{
    public static async Task<IReadOnlyList<FeatureEntry>> ListAsync(EngineCore core)
    {
        var entries = new List<FeatureEntry>();
        var timing = TimingOf(core.Time);
        foreach (var kind in core.Bundle.Definitions.Kinds)
        {
            var costs = await MeasureAsync(core, kind, timing).ConfigureAwait(false);
            entries.AddRange(FeatureCatalogue.Of(kind, costs, core.Loaded, EventTime.From(core.Time.GetUtcNow())));
        }

        entries.AddRange(core.Bundle.Decisions.SelectMany(decision => FeatureCatalogue.Of(decision, timing)));
        return entries;
    }

    /// <summary>Nanoseconds a read of each feature, in the first shard that has entities of the kind; one feature a turn, so that calls are not kept waiting.</summary>
    private static async Task<double[]> MeasureAsync(EngineCore core, KindPlan kind, Timing timing)
    {
        var costs = FeatureCosts.Unknown(kind);
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

                costs[next] = FeatureCosts.Measure(store, sample, next, at, timing);
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

    private static List<EntityHandle> Sample(EntityStore store, int kind)
    {
        var sample = new List<EntityHandle>();
        for (var entity = store.Next(EntityHandle.None); entity.Exists && sample.Count < FeatureCosts.Entities; entity = store.Next(entity))
        {
            if (store.KindOf(entity) == kind)
            {
                sample.Add(entity);
            }
        }

        return sample;
    }

    private static Timing TimingOf(TimeProvider time) => work =>
    {
        var started = time.GetTimestamp();
        var runs = work();
        return time.GetElapsedTime(started).TotalNanoseconds / runs;
    };
}

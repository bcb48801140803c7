using Grid.Decisions.Hosting;
using Grid.Features.Plans;

namespace Grid.Orleans;

/// <summary>Lists every feature with its tier, and measures what reading it costs: of entities that are live in this silo, each feature alone.</summary>
internal static class SiloCatalogue
{
    public static FeatureList List(SiloCore core)
    {
        var samples = Sample(core);
        var entries = new List<FeatureEntry>();
        foreach (var kind in core.Bundle.Definitions.Kinds)
        {
            var now = EventTime.From(core.Time.GetUtcNow());
            entries.AddRange(FeatureCatalogue.Of(kind, Measure(core.Time, kind, samples[kind.Ordinal], now), core.Files.Loaded, now));
        }

        entries.AddRange(core.Bundle.Decisions.SelectMany(decision => FeatureCatalogue.Of(decision, work => Time(core.Time, work))));
        return new(entries);
    }

    /// <summary>Of each kind some keys of one stripe.</summary>
    private static List<(Stripe Stripe, string Key)>[] Sample(SiloCore core)
    {
        var samples = core.Bundle.Definitions.Kinds.Select(_ => new List<(Stripe Stripe, string Key)>()).ToArray();
        foreach (var (id, turns) in core.Local)
        {
            if (turns.Kind < 0 || samples[turns.Kind].Count == FeatureCosts.Entities)
            {
                continue;
            }

            var (sample, stripe) = (samples[turns.Kind], core.StripeOf(id.Key));
            if (sample.Count == 0 || sample[0].Stripe == stripe)
            {
                sample.Add((stripe, id.Key));
                if (samples.All(one => one.Count == FeatureCosts.Entities))
                {
                    break;
                }
            }
        }

        return samples;
    }

    /// <summary>One feature at a time, so that turns are not kept waiting.</summary>
    private static double[] Measure(TimeProvider time, KindPlan kind, List<(Stripe Stripe, string Key)> sample, EventTime at)
    {
        var costs = FeatureCosts.Unknown(kind);
        for (var feature = 0; feature < costs.Length && sample.Count > 0; feature++)
        {
            var stripe = sample[0].Stripe;
            lock (stripe.Lock)
            {
                var entities = sample.Select(one => stripe.Store.Find(kind.Ordinal, one.Key)).Where(entity => entity.Exists).ToList();
                if (entities.Count > 0)
                {
                    costs[feature] = FeatureCosts.Measure(stripe.Store, entities, feature, at, work => Time(time, work));
                }
            }
        }

        return costs;
    }

    private static double Time(TimeProvider time, Func<int> work)
    {
        var started = time.GetTimestamp();
        var runs = work();
        return time.GetElapsedTime(started).TotalNanoseconds / runs;
    }
}

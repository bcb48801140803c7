using Grid.Decisions.Plans;
using Grid.Features.Plans;
using Grid.Features.State.Loaded;

namespace Grid.Decisions.Hosting;

/// <summary>What the catalogue says of each feature. What reading costs is measured by the host, in its own memory.</summary>
internal static class FeatureCatalogue
{
    /// <summary>The features of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="costs">Nanoseconds by the place of the feature; NaN where nothing was measured.</param>
    /// <param name="loaded">What was loaded from files.</param>
    /// <param name="now">The moment at which a file is seen, or is not.</param>
    public static IEnumerable<FeatureEntry> Of(KindPlan kind, double[] costs, LoadedBatches loaded, EventTime now) =>
        kind.Features.Select(feature => Entry(kind, feature, feature.Batch is null ? null : loaded.Of(feature, kind, now), costs[feature.Ordinal]));

    /// <summary>The on-demand features of a decision, each measured now.</summary>
    public static IEnumerable<FeatureEntry> Of(DecisionPlan decision, Timing timing) => decision.OnDemand.Select(feature => new FeatureEntry(
        $"{decision.Name}.{feature.Name}", FeatureTier.OnDemand, decision.Name, feature.Expression.Text, null, 0, null, null, FeatureCosts.Measure(decision, feature, timing)));

    private static FeatureEntry Entry(KindPlan kind, FeaturePlan feature, LoadedBatch? loaded, double nanoseconds)
    {
        var isWhole = feature.Aggregation == Aggregation.None || feature.WindowMilliseconds == FeaturePlan.WholeHistory;
        return new(
            feature.FullName,
            feature.Batch is null ? FeatureTier.Streaming : FeatureTier.Batch,
            kind.Name,
            feature.Definition,
            isWhole ? null : feature.WindowMilliseconds,
            feature.DelayMilliseconds,
            feature.Batch?.MaxAgeMilliseconds,
            loaded is null ? null : BatchCheck.ReceiptOf(loaded),
            nanoseconds);
    }
}

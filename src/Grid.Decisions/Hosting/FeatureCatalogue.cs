using Grid.Decisions.Plans;
using Grid.Features.Plans;
using Grid.Features.State.Loaded;

namespace Grid.Decisions.Hosting;

/// <summary>Builds the catalogue entries of features. The host measures the cost of reads on its own state.</summary>
internal static class FeatureCatalogue
{
    /// <summary>The features of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="costs">Nanoseconds per read, by feature ordinal; NaN if not measured.</param>
    /// <param name="loaded">The active batch tables.</param>
    /// <param name="now">The time that determines which batch table is visible.</param>
    public static IEnumerable<FeatureEntry> Of(KindPlan kind, double[] costs, LoadedBatches loaded, EventTime now) =>
        kind.Features.Select(feature => Entry(kind, feature, feature.Batch is null ? null : loaded.Of(feature, kind, now), costs[feature.Ordinal]));

    /// <summary>The on-demand features of a decision, each measured during the call.</summary>
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

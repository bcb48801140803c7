namespace Grid;

/// <summary>How a feature is computed.</summary>
public enum FeatureTier : byte
{
    None = 0,

    /// <summary>Computed elsewhere and loaded from a file.</summary>
    Batch = 1,

    /// <summary>Computed by its owner from the ingested events; exact at any time.</summary>
    Streaming = 2,

    /// <summary>Computed from the request when a decision is made.</summary>
    OnDemand = 3,
}

/// <summary>A feature in the catalogue. Times are in milliseconds unless stated otherwise.</summary>
/// <param name="Name">
/// The name with the kind as prefix, or with the decision for an on-demand feature: <c>card.tx_count_1d</c>, <c>authorize.is_night</c>.
/// </param>
/// <param name="Tier">How the feature is computed.</param>
/// <param name="Owner">The kind whose entities have the feature; for an on-demand feature, the decision that computes it.</param>
/// <param name="Definition">The definition, in words or as an expression.</param>
/// <param name="WindowMilliseconds">The length of the window; null if there is none or it covers the whole retained history.</param>
/// <param name="DelayMilliseconds">How far the window ends before the time of reading.</param>
/// <param name="MaxAgeMilliseconds">The maximum age of a batch value when it is read; null if none is declared.</param>
/// <param name="Loaded">For a batch feature: the batch table in use; null for other features, or if none was loaded.</param>
/// <param name="Nanoseconds">
/// Mean time to read the feature alone, measured for this call; NaN if it was not measured because no entity was in memory.
/// </param>
public sealed record FeatureEntry(
    string Name,
    FeatureTier Tier,
    string Owner,
    string Definition,
    long? WindowMilliseconds,
    long DelayMilliseconds,
    long? MaxAgeMilliseconds,
    BatchReceipt? Loaded,
    double Nanoseconds);

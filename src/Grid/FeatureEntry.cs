namespace Grid;

/// <summary>How a feature comes to its value.</summary>
public enum FeatureTier : byte
{
    None = 0,

    /// <summary>Computed elsewhere and loaded from a file.</summary>
    Batch = 1,

    /// <summary>Computed by its owner from the events that it was told, exact at any moment.</summary>
    Streaming = 2,

    /// <summary>Computed from the request when it comes.</summary>
    OnDemand = 3,
}

/// <summary>A feature in the catalogue. Times are in milliseconds.</summary>
/// <param name="Name">With its kind in front, or of an on-demand feature with its decision: <c>card.tx_count_1d</c>, <c>authorize.is_night</c>.</param>
/// <param name="Tier">How it comes to its value.</param>
/// <param name="Owner">The kind whose entities have it; of an on-demand feature, the decision that computes it.</param>
/// <param name="Definition">In words, or as an expression.</param>
/// <param name="WindowMilliseconds">The length of its window; null where it has none, or reaches over all that is kept.</param>
/// <param name="DelayMilliseconds">How far the window is moved back.</param>
/// <param name="MaxAgeMilliseconds">How old a loaded value may be when it is read; null where nothing is declared.</param>
/// <param name="Loaded">Of a batch feature: the file that is read now; null of others, and where none was loaded.</param>
/// <param name="Nanoseconds">Mean time of reading it alone, measured when the catalogue was asked for; NaN where it was not: nothing is in memory to read.</param>
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

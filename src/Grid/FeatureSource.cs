namespace Grid;

/// <summary>Where the value of a feature came from, from the best to the worst. The numbers are on disk and go over the wire: add at the end, change none.</summary>
public enum FeatureSource : byte
{
    /// <summary>The entity itself was asked, or the value is of the request.</summary>
    Owner = 0,

    /// <summary>A local replica that was younger than the decision's <c>max_age</c> for the feature.</summary>
    Replica = 1,

    /// <summary>The entity timed out; a local replica older than <c>max_age</c> was read.</summary>
    StaleReplica = 2,

    /// <summary>The entity timed out and there was no replica; the value is the default that the decision declares.</summary>
    Default = 3,

    /// <summary>The entity timed out, and there was neither a replica nor a default.</summary>
    Missing = 4,
}

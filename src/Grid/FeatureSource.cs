namespace Grid;

/// <summary>
/// Where the value of a feature came from, from best to worst. The numbers are on disk and go over the wire: add at the end, change none.
/// </summary>
public enum FeatureSource : byte
{
    /// <summary>The owning entity, or the request itself.</summary>
    Owner = 0,

    /// <summary>A local replica younger than the decision's <c>max_age</c> for the feature.</summary>
    Replica = 1,

    /// <summary>The entity timed out; the value is from a local replica older than <c>max_age</c>.</summary>
    StaleReplica = 2,

    /// <summary>The entity timed out and there was no replica; the value is the default that the decision declares.</summary>
    Default = 3,

    /// <summary>The entity timed out, and there was neither a replica nor a default.</summary>
    Missing = 4,
}

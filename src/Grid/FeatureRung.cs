namespace Grid;

/// <summary>Where the value of a feature came from, from the best to the worst. The numbers are on disk and go over the wire: add at the end, change none.</summary>
public enum FeatureRung : byte
{
    /// <summary>The entity itself was asked, or the value is of the request.</summary>
    Owner = 0,

    /// <summary>A local copy that was younger than the decision's <c>max_age</c> for it.</summary>
    Copy = 1,

    /// <summary>The entity did not answer by the deadline: a local copy older than that.</summary>
    Older = 2,

    /// <summary>The entity did not answer by the deadline and there was no copy: the default that the decision declares.</summary>
    Default = 3,

    /// <summary>The entity did not answer by the deadline, and nothing was there to take its place.</summary>
    Missing = 4,
}

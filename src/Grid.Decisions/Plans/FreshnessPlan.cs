using Grid.Features.Plans;

namespace Grid.Decisions.Plans;

/// <summary>What a decision accepts instead of asking an owner.</summary>
/// <param name="MaxAgeMilliseconds">The maximum staleness of a replica, in milliseconds of event time; 0 asks the owner.</param>
/// <param name="Default">The value if the owner timed out and there is no replica; missing if none is declared.</param>
internal readonly record struct ReadTerms(long MaxAgeMilliseconds, Value Default);

/// <summary>The allowed staleness of features that a decision reads from other entities, and how long it waits for them.</summary>
internal sealed class FreshnessPlan
{
    /// <summary>How long the call waits for other entities, in wall-clock time; null for no limit.</summary>
    public required TimeSpan? Deadline { get; init; }

    /// <summary>By input read from an entity; the terms of the owner's own features are empty.</summary>
    public required IReadOnlyList<ReadTerms> Terms { get; init; }

    /// <summary>Full names of these inputs.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The maximum staleness of a replica that can serve all features of a read, in milliseconds.</summary>
    public long MaxAgeOf(FeatureRead read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var least = long.MaxValue;
        for (var i = 0; i < read.Features.Length; i++)
        {
            least = Math.Min(least, Terms[read.FirstInput + i].MaxAgeMilliseconds);
        }

        return least;
    }
}

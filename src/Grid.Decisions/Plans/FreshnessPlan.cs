using Grid.Features.Plans;

namespace Grid.Decisions.Plans;

/// <summary>What a decision accepts in place of asking an owner.</summary>
/// <param name="MaxAgeMilliseconds">How long before the decision's moment a copy may have been read, in event time; 0 asks the owner.</param>
/// <param name="Default">What is taken where nothing came by the deadline and there is no copy; a missing value where nothing was declared.</param>
internal readonly record struct ReadTerms(long MaxAgeMilliseconds, Value Default);

/// <summary>How fresh what a decision reads from others must be, and how long it is waited for.</summary>
internal sealed class FreshnessPlan
{
    /// <summary>How long the call waits for other entities, by the clock; null waits for all of them.</summary>
    public required TimeSpan? Deadline { get; init; }

    /// <summary>By input, of those that are read from entities; the owner's own have terms that say nothing.</summary>
    public required IReadOnlyList<ReadTerms> Terms { get; init; }

    /// <summary>Full names of these inputs.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>How old a copy may be so that all of a read's features may be taken from it.</summary>
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

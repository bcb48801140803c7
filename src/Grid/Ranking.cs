namespace Grid;

/// <summary>The result of a turn over several candidates: their order, which of them are dropped, and why.</summary>
public sealed class Ranking
{
    /// <summary>The permanent id of this ranking, accepted by <see cref="IGrid.FindRankingAsync"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The decision's name in the bundle, such as <c>rank</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The entity that made the ranking in its turn.</summary>
    public required EntityId Owner { get; init; }

    /// <summary>The id of the request's event.</summary>
    public required string EventId { get; init; }

    /// <summary>The decision time: the event time of the request.</summary>
    public required EventTime At { get; init; }

    /// <summary>Every candidate: those with a place, best first, then those that the policy drops, in the order of the request.</summary>
    public required IReadOnlyList<RankedItem> Items { get; init; }

    /// <summary>The model and its version.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// The fallback model and its version, which scored the candidates with features that timed out
    /// (<see cref="RankedItem.ByFallbackModel"/>); null if it scored none.
    /// </summary>
    public string? FallbackModel { get; init; }

    /// <summary>The bundle and its version.</summary>
    public required string Bundle { get; init; }

    /// <summary>True if the model could not score some candidate and the policy's fallback action was taken for it.</summary>
    public bool Fallback { get; init; }

    /// <summary>True if this event was ranked before; this is then the first ranking again.</summary>
    public bool Duplicate { get; init; }

    /// <summary>
    /// The entities that timed out, each once; empty if none did. <see cref="FeatureReading.Source"/> is the source of the values used
    /// instead.
    /// </summary>
    public IReadOnlyList<EntityId> TimedOut { get; init; } = [];
}

/// <summary>One candidate of a <see cref="Ranking"/>.</summary>
public sealed class RankedItem
{
    /// <summary>The candidate's key in its kind.</summary>
    public required string Key { get; init; }

    /// <summary>The candidate's place, counted from 1; null if the policy drops it.</summary>
    public required int? Place { get; init; }

    /// <summary>The action that the policy chose, such as <c>show</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The model's score; NaN if the model gave none (<see cref="Fallback"/> is then true).</summary>
    public required double Score { get; init; }

    /// <summary>The reasons of the rule that fired, and of the diversity rules that moved the candidate down.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Every feature of the candidate's vector, in the model's order, with age and source.</summary>
    public required IReadOnlyList<FeatureReading> Features { get; init; }

    /// <summary>The decision's outputs for the candidate; empty if it declares none.</summary>
    public IReadOnlyList<DecisionOutput> Outputs { get; init; } = [];

    /// <summary>
    /// Full names of the features whose source was worse than <see cref="FeatureSource.Replica"/>, whether or not they are in the vector;
    /// usually empty.
    /// </summary>
    public IReadOnlyList<string> TimedOut { get; init; } = [];

    /// <summary>
    /// True if a feature of the vector timed out and the fallback model (<see cref="Ranking.FallbackModel"/>) scored the candidate.
    /// </summary>
    public bool ByFallbackModel { get; init; }

    /// <summary>True if the model could not score the candidate and the policy's fallback action was taken.</summary>
    public bool Fallback { get; init; }
}

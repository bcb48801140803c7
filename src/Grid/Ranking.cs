namespace Grid;

/// <summary>The result of a turn over many candidates: in which order to show them, which to leave out, and why.</summary>
public sealed class Ranking
{
    /// <summary>Names this ranking for ever; <see cref="IGrid.FindRankingAsync"/> takes it.</summary>
    public required string Id { get; init; }

    /// <summary>Which decision of the bundle was made, such as <c>rank</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whose turn it was.</summary>
    public required EntityId Owner { get; init; }

    /// <summary>The id of the event that asked.</summary>
    public required string EventId { get; init; }

    /// <summary>The moment: the event time of the request.</summary>
    public required EventTime At { get; init; }

    /// <summary>Every candidate: first those that have a place, best first, then those that the policy drops, in the order in which they were sent.</summary>
    public required IReadOnlyList<RankedItem> Items { get; init; }

    /// <summary>The model and its version.</summary>
    public required string Model { get; init; }

    /// <summary>The fallback model and its version that scored candidates with features that timed out (<see cref="RankedItem.ByFallbackModel"/>); null where none was.</summary>
    public string? FallbackModel { get; init; }

    /// <summary>The bundle and its version.</summary>
    public required string Bundle { get; init; }

    /// <summary>True where the model could not score some candidate and the policy's declared fallback was taken for it.</summary>
    public bool Fallback { get; init; }

    /// <summary>True where this event had been answered before and this is that first answer again.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The entities that timed out, each once; empty where all had. The features say what took their place.</summary>
    public IReadOnlyList<EntityId> TimedOut { get; init; } = [];
}

/// <summary>One candidate of a <see cref="Ranking"/>.</summary>
public sealed class RankedItem
{
    /// <summary>The candidate's key in its kind.</summary>
    public required string Key { get; init; }

    /// <summary>Its place, counted from 1; null where the policy drops it.</summary>
    public required int? Place { get; init; }

    /// <summary>What the policy says to do with it, such as <c>show</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What the model said of it, or NaN where it said nothing; <see cref="Fallback"/> is then true.</summary>
    public required double Score { get; init; }

    /// <summary>The reasons of the rule that fired, and of what moved it down for diversity's sake.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Every feature of its vector, in the model's order, with age and source.</summary>
    public required IReadOnlyList<FeatureReading> Features { get; init; }

    /// <summary>The decision's outputs for it; empty where it declares none.</summary>
    public IReadOnlyList<DecisionOutput> Outputs { get; init; } = [];

    /// <summary>Full names of what was read below <see cref="FeatureSource.Replica"/> for it, whether it is in the vector or not; mostly empty.</summary>
    public IReadOnlyList<string> TimedOut { get; init; } = [];

    /// <summary>True where the decision's fallback model scored it, <see cref="Ranking.FallbackModel"/>: a feature of its vector timed out.</summary>
    public bool ByFallbackModel { get; init; }

    /// <summary>True where the model could not score it and the policy's declared fallback was taken.</summary>
    public bool Fallback { get; init; }
}

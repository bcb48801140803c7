namespace Grid;

/// <summary>The result of a turn: what to do, why, and everything it was made from.</summary>
public sealed class Decision
{
    /// <summary>Names this decision for ever; <see cref="IGrid.FindDecisionAsync"/> takes it.</summary>
    public required string Id { get; init; }

    /// <summary>Which decision of the bundle was made, such as <c>authorize</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whose turn it was.</summary>
    public required EntityId Owner { get; init; }

    /// <summary>The id of the event that asked.</summary>
    public required string EventId { get; init; }

    /// <summary>The decision's moment: the event time of its request.</summary>
    public required EventTime At { get; init; }

    /// <summary>What the policy says to do, such as <c>approve</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What the model said, or NaN where it said nothing; <see cref="Fallback"/> is then true.</summary>
    public required double Score { get; init; }

    /// <summary>The reasons of the rule that fired; empty where the rule gives none.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Every feature of the vector, in the model's order, with its age.</summary>
    public required IReadOnlyList<FeatureReading> Features { get; init; }

    /// <summary>Numbers that the decision declares as its outputs, such as a predicted time, in the bundle's order; empty where it declares none.</summary>
    public IReadOnlyList<DecisionOutput> Outputs { get; init; } = [];

    /// <summary>
    /// Full names of the features that timed out, whether they are in the vector or not; mostly empty.
    /// <see cref="FeatureReading.Source"/> says what took their place.
    /// </summary>
    public IReadOnlyList<string> TimedOut { get; init; } = [];

    /// <summary>The model that scored and its version, such as <c>trees@3fa9c01be2d4</c>: the decision's own, or its smaller one where something had come too late.</summary>
    public required string Model { get; init; }

    /// <summary>The bundle and its version, such as <c>fraud@1.0.0+9c01be2d43fa</c>.</summary>
    public required string Bundle { get; init; }

    /// <summary>True where the model could not score and the policy's declared fallback was taken.</summary>
    public bool Fallback { get; init; }

    /// <summary>True where this event had been decided before and this is that first answer again.</summary>
    public bool Duplicate { get; init; }
}

namespace Grid;

/// <summary>The result of a turn: the action, the reasons for it, and the features, model and bundle that produced it.</summary>
public sealed class Decision
{
    /// <summary>The permanent id of this decision, accepted by <see cref="IGrid.FindDecisionAsync"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The decision's name in the bundle, such as <c>authorize</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The entity that made the decision in its turn.</summary>
    public required EntityId Owner { get; init; }

    /// <summary>The id of the request's event.</summary>
    public required string EventId { get; init; }

    /// <summary>The decision time: the event time of the request.</summary>
    public required EventTime At { get; init; }

    /// <summary>The action that the policy chose, such as <c>approve</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The model's score; NaN if the model gave none (<see cref="Fallback"/> is then true).</summary>
    public required double Score { get; init; }

    /// <summary>The reasons of the rule that fired; empty if the rule declares none.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Every feature of the vector, in the model's order, with its age.</summary>
    public required IReadOnlyList<FeatureReading> Features { get; init; }

    /// <summary>
    /// The outputs that the decision declares, such as a predicted time, in the bundle's order; empty if it declares none.
    /// </summary>
    public IReadOnlyList<DecisionOutput> Outputs { get; init; } = [];

    /// <summary>
    /// Full names of the features that timed out, whether or not they are in the vector; usually empty.
    /// <see cref="FeatureReading.Source"/> is the source of the value that was used instead.
    /// </summary>
    public IReadOnlyList<string> TimedOut { get; init; } = [];

    /// <summary>
    /// The model that scored and its version, such as <c>trees@3fa9c01be2d4</c>: the decision's own model, or its fallback model if a
    /// feature timed out.
    /// </summary>
    public required string Model { get; init; }

    /// <summary>The bundle and its version, such as <c>fraud@1.0.0+9c01be2d43fa</c>.</summary>
    public required string Bundle { get; init; }

    /// <summary>True if the model could not score and the policy's fallback action was taken.</summary>
    public bool Fallback { get; init; }

    /// <summary>True if this event was decided before; this is then the first decision again.</summary>
    public bool Duplicate { get; init; }
}

using System.Collections.Immutable;
using Grid.Decisions.Turns;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Decisions.Plans;

/// <summary>
/// A compiled decision of a bundle. A turn fills a single array of inputs, from which everything else is computed: <c>[own
/// features][features of other entities][on-demand features][scores][outputs]</c>.
/// </summary>
internal sealed class DecisionPlan
{
    /// <summary>Index in <see cref="Bundle.Decisions"/>.</summary>
    public required int Ordinal { get; init; }

    public required string Name { get; init; }

    /// <summary>The event type of requests.</summary>
    public required EventPlan On { get; init; }

    public required KindPlan Owner { get; init; }

    /// <summary>The slot of the owner's key.</summary>
    public required int OwnerKeySlot { get; init; }

    /// <summary>The owner's features, read after the event is applied.</summary>
    public required FeatureRead Own { get; init; }

    /// <summary>The layout of the decision's rows: the request's fields, followed by those of a candidate if the decision ranks.</summary>
    public EventPlan RowPlan { get => field ?? On; init; }

    /// <summary>The candidates; null if the decision is on the request alone.</summary>
    public CandidatesPlan? Candidates { get; init; }

    /// <summary>The allowed staleness of other entities' features and the deadline; null if the turn waits for every owner.</summary>
    public FreshnessPlan? Freshness { get; init; }

    /// <summary>
    /// The feature fetches from other entities before the turn: first those with keys in the request, then those with keys in each
    /// candidate.
    /// </summary>
    public required IReadOnlyList<FeatureRead> Foreign { get; init; }

    /// <summary>Evaluated in this order, each over the row and the preceding inputs.</summary>
    public required IReadOnlyList<OnDemandPlan> OnDemand { get; init; }

    /// <summary>The number of inputs of a turn.</summary>
    public required int Inputs { get; init; }

    /// <summary>Index of the model's first score among the inputs; the others follow in the model's order.</summary>
    public required int ScoreInput { get; init; }

    /// <summary>Values computed from the scores, for the policy and the answer; evaluated in this order after scoring.</summary>
    public required IReadOnlyList<OnDemandPlan> Outputs { get; init; }

    /// <summary>The vector, in the model's order.</summary>
    public required IReadOnlyList<VectorEntry> Vector { get; init; }

    public required ModelPlan Model { get; init; }

    /// <summary>The model that scores instead of <see cref="Model"/> if a feature timed out; null if there is none.</summary>
    public FallbackModelPlan? FallbackModel { get; init; }

    /// <summary>Evaluated in order; the first rule that matches decides. The compiler ensures that the last one always matches.</summary>
    public required IReadOnlyList<PolicyRule> Rules { get; init; }

    /// <summary>The action taken if the model cannot score.</summary>
    public required PolicyRule Fallback { get; init; }

    /// <summary>The plan in executable form.</summary>
    internal TurnProgram Program => field ??= new(this);
}

/// <summary>The features of one entity that a decision reads.</summary>
/// <param name="Kind">The entity's kind.</param>
/// <param name="KeySlot">The slot of the request with the entity's key.</param>
/// <param name="Features">Indexes into <see cref="KindPlan.Features"/>, in the order of the inputs.</param>
/// <param name="FirstInput">Index of the first of them among the inputs.</param>
internal sealed record FeatureRead(KindPlan Kind, int KeySlot, ImmutableArray<int> Features, int FirstInput);

/// <summary>An on-demand feature or an output: an expression and the input it is stored in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Input">Index of its value among the inputs.</param>
internal sealed record OnDemandPlan(string Name, CompiledExpression Expression, int Input)
{
    /// <summary>Indexes of the inputs that the expression uses.</summary>
    public ImmutableArray<int> Uses { get; init; } = [];
}

/// <summary>One element of the vector: a field of the request (<paramref name="Slot"/> is not negative) or an input.</summary>
/// <param name="Name">The name in the answer: <c>amount</c>, <c>card.tx_count_1d</c>.</param>
/// <param name="Slot">The request's slot, or -1.</param>
/// <param name="Input">The index among the inputs, or -1.</param>
internal sealed record VectorEntry(string Name, int Slot, int Input);

/// <summary>A model as defined in the bundle.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">The full path of its file.</param>
/// <param name="Input">The name of its input tensor.</param>
/// <param name="Score">The name of its output tensor.</param>
/// <param name="Columns">The names of the numbers it returns per row; empty if it returns one, the score.</param>
internal sealed record ModelPlan(string Name, string File, string Input, string Score, IReadOnlyList<string> Columns)
{
    /// <summary>The number of values it returns per row.</summary>
    public int Scores => Math.Max(1, Columns.Count);
}

/// <summary>One rule of a policy: the action, its condition (null: always), and the reasons.</summary>
internal sealed record PolicyRule(string Action, CompiledExpression? When, IReadOnlyList<string> Reasons);

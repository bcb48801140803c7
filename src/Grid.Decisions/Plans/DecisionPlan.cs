using Grid.Decisions.Turns;
using Grid.Features.Expressions;
using Grid.Features.Plans;
using System.Collections.Immutable;


namespace Grid.Decisions.Plans;

/// <summary>
/// A decision of a bundle, compiled. A turn fills one array of inputs and everything reads from it:
/// <c>[own features][features of other entities][on-demand features][scores][outputs]</c>.
/// </summary>
internal sealed class DecisionPlan
{
    /// <summary>Place in <see cref="Bundle.Decisions"/>.</summary>
    public required int Ordinal { get; init; }

    public required string Name { get; init; }

    /// <summary>The event that asks.</summary>
    public required EventPlan On { get; init; }

    public required KindPlan Owner { get; init; }

    /// <summary>The slot of the owner's key.</summary>
    public required int OwnerKeySlot { get; init; }

    /// <summary>What is read from the owner, after the event is applied.</summary>
    public required FeatureRead Own { get; init; }

    /// <summary>What rows of the decision look like: the request's fields and, where it ranks, those of a candidate behind them.</summary>
    public EventPlan RowPlan { get => field ?? On; init; }

    /// <summary>What is ranked; null where the decision is on the request alone.</summary>
    public CandidatesPlan? Candidates { get; init; }

    /// <summary>How fresh what is read from others must be, and how long it is waited for; null where every owner is asked and waited for.</summary>
    public FreshnessPlan? Freshness { get; init; }

    /// <summary>What is asked of other entities, before the turn: of those that the request names, then of those that each candidate names.</summary>
    public required IReadOnlyList<FeatureRead> Foreign { get; init; }

    /// <summary>Evaluated in this order, each over the row and the inputs that come before it.</summary>
    public required IReadOnlyList<OnDemandPlan> OnDemand { get; init; }

    /// <summary>How many inputs a turn has.</summary>
    public required int Inputs { get; init; }

    /// <summary>Where the model's scores go among the inputs, in the model's order.</summary>
    public required int ScoreInput { get; init; }

    /// <summary>What is computed from the scores, for the policy and for the answer: evaluated in this order, once the model has scored.</summary>
    public required IReadOnlyList<OnDemandPlan> Outputs { get; init; }

    /// <summary>The vector, in the model's order.</summary>
    public required IReadOnlyList<VectorEntry> Vector { get; init; }

    public required ModelPlan Model { get; init; }

    /// <summary>The model that scores in place of <see cref="Model"/> where something has come too late; null where the decision has none.</summary>
    public FallbackModelPlan? FallbackModel { get; init; }

    /// <summary>Tried in order; the first that holds decides. The last one always holds (the compiler sees to it).</summary>
    public required IReadOnlyList<PolicyRule> Rules { get; init; }

    /// <summary>What is done where the model cannot score.</summary>
    public required PolicyRule Fallback { get; init; }

    /// <summary>The plan as a turn runs through it.</summary>
    internal TurnProgram Program => field ??= new(this);
}

/// <summary>Features of one entity that a decision reads.</summary>
/// <param name="Kind">The entity's kind.</param>
/// <param name="KeySlot">The slot of the request that holds the entity's key.</param>
/// <param name="Features">Places in <see cref="KindPlan.Features"/>, in the order they go to the inputs.</param>
/// <param name="FirstInput">Where the first of them goes among the inputs.</param>
internal sealed record FeatureRead(KindPlan Kind, int KeySlot, ImmutableArray<int> Features, int FirstInput);

/// <summary>A feature computed from the request, or an output: an expression, and where its value goes among the inputs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Input">Where its value goes.</param>
internal sealed record OnDemandPlan(string Name, CompiledExpression Expression, int Input)
{
    /// <summary>Places of the inputs that the expression names.</summary>
    public ImmutableArray<int> Uses { get; init; } = [];
}

/// <summary>One element of the vector: a field of the request (<paramref name="Slot"/> is not negative) or an input.</summary>
/// <param name="Name">As the answer names it: <c>amount</c>, <c>card.tx_count_1d</c>.</param>
/// <param name="Slot">The request's slot, or -1.</param>
/// <param name="Input">The place among the inputs, or -1.</param>
internal sealed record VectorEntry(string Name, int Slot, int Input);

/// <summary>Which model scores, as the bundle names it. <paramref name="File"/> is a full path; input and score are names of tensors.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">Its file.</param>
/// <param name="Input">What it is fed.</param>
/// <param name="Score">What it gives.</param>
/// <param name="Columns">What each number that it gives for a row is called; empty where it gives one, the score.</param>
internal sealed record ModelPlan(string Name, string File, string Input, string Score, IReadOnlyList<string> Columns)
{
    /// <summary>How many numbers it gives for a row.</summary>
    public int Scores => Math.Max(1, Columns.Count);
}

/// <summary>One rule of a policy: what is done where its condition holds (null: always), and why.</summary>
internal sealed record PolicyRule(string Action, CompiledExpression? When, IReadOnlyList<string> Reasons);

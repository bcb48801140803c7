using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Decisions.Plans;

/// <summary>The candidates that a decision ranks.</summary>
internal sealed class CandidatesPlan
{
    /// <summary>The kind of the candidates.</summary>
    public required KindPlan Kind { get; init; }

    /// <summary>The maximum number of candidates per call.</summary>
    public required int Most { get; init; }

    /// <summary>
    /// The fields sent with each candidate, as an event type for reading them: its id slot is the candidate's key, and it has no time. In
    /// rows of the decision these fields follow those of the request, from <see cref="FirstSlot"/> on.
    /// </summary>
    public required EventPlan Fields { get; init; }

    /// <summary>The slot of a candidate's first field in a row of <see cref="DecisionPlan.RowPlan"/>.</summary>
    public required int FirstSlot { get; init; }

    public required OrderPlan Order { get; init; }

    /// <summary>The slot of the candidate's key in a row of the decision.</summary>
    public int KeySlot => FirstSlot + Fields.IdSlot;
}

/// <summary>The order of the candidates in the answer.</summary>
/// <param name="By">The sort number: greatest first, missing last, ties in request order.</param>
/// <param name="Drop">Policy actions whose candidates get no place.</param>
/// <param name="Diversity">How often one value may occur among the first places; null for no limit.</param>
internal sealed record OrderPlan(CompiledExpression By, IReadOnlySet<string> Drop, DiversityPlan? Diversity);

/// <summary>Limits how often a value occurs among the first places; candidates beyond the limit are moved behind them.</summary>
/// <param name="By">The value: a string, a number or a boolean. Missing values are all distinct.</param>
/// <param name="Most">The maximum number of candidates with the same value.</param>
/// <param name="Among">The number of places to which the limit applies.</param>
/// <param name="Reason">The reason returned with a candidate that was moved down.</param>
internal sealed record DiversityPlan(CompiledExpression By, int Most, int Among, string Reason);

using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Decisions.Plans;

/// <summary>What a decision ranks.</summary>
internal sealed class CandidatesPlan
{
    /// <summary>The kind that each candidate is an entity of.</summary>
    public required KindPlan Kind { get; init; }

    /// <summary>The most candidates of one call.</summary>
    public required int Most { get; init; }

    /// <summary>
    /// The fields that are sent with each candidate, for reading it: its id slot is that of the candidate's key, and it has no time. In rows of the
    /// decision these fields stand behind those of the request, from <see cref="FirstSlot"/> on.
    /// </summary>
    public required EventPlan Fields { get; init; }

    /// <summary>Where the first of a candidate's fields stands in a row of <see cref="DecisionPlan.RowPlan"/>.</summary>
    public required int FirstSlot { get; init; }

    public required OrderPlan Order { get; init; }

    /// <summary>The slot of the candidate's key in a row of the decision.</summary>
    public int KeySlot => FirstSlot + Fields.IdSlot;
}

/// <summary>In which order candidates are told.</summary>
/// <param name="By">A number: the greatest comes first, what is missing last, equals as they were sent.</param>
/// <param name="Drop">Actions of the policy whose candidates get no place.</param>
/// <param name="Diversity">How often one value may come among the first; null where that is not looked at.</param>
internal sealed record OrderPlan(CompiledExpression By, IReadOnlySet<string> Drop, DiversityPlan? Diversity);

/// <summary>Among the first places a value comes so many times at most; what would be one too many is moved behind them.</summary>
/// <param name="By">The value: a text, a number or a boolean. Missing values are all different.</param>
/// <param name="Most">How many of a value.</param>
/// <param name="Among">How many places are looked at.</param>
/// <param name="Reason">The reason that a candidate is told which was moved down.</param>
internal sealed record DiversityPlan(CompiledExpression By, int Most, int Among, string Reason);

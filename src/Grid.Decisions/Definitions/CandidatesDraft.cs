using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>The candidates of a decision, read.</summary>
/// <param name="Asked">The event that asks, without the fields of a candidate.</param>
/// <param name="Kind">The kind that is ranked.</param>
/// <param name="Most">The most of one call.</param>
/// <param name="Fields">A candidate's fields.</param>
internal sealed record CandidatesDraft(EventPlan Asked, KindPlan Kind, int Most, EventPlan Fields);

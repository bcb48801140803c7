using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>The candidates of a decision while it is read.</summary>
/// <param name="Asked">The requesting event, without the fields of a candidate.</param>
/// <param name="Kind">The kind that is ranked.</param>
/// <param name="Most">The maximum number per call.</param>
/// <param name="Fields">A candidate's fields.</param>
internal sealed record CandidatesDraft(EventPlan Asked, KindPlan Kind, int Most, EventPlan Fields);

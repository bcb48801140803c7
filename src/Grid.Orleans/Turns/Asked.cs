using Grid.Decisions.Hosting;
using Grid.Decisions.Turns;

namespace Grid.Orleans;

/// <summary>What a turn is asked.</summary>
/// <param name="Frame">The request, and the turn's working memory.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Rank">The candidates, where it ranks.</param>
/// <param name="TimedOut">The entities that timed out.</param>
internal readonly record struct Asked(TurnFrame Frame, DecisionFacts Decision, RankFrame? Rank, IReadOnlyList<EntityId> TimedOut);

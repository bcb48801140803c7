namespace Grid.Orleans;

/// <summary>What is to be ranked.</summary>
/// <param name="Request">The event that asks.</param>
/// <param name="Candidates">The candidates' fields.</param>
public sealed record RankRequest(Event Request, IReadOnlyList<Event> Candidates);

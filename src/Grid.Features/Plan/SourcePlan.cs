namespace Grid.Features;

/// <summary>How a row of a file of some maker becomes events: the columns of a CSV file, by name.</summary>
public sealed record SourcePlan(string Name, IReadOnlyList<SourceEvent> Events);

/// <summary>One event that a row may become.</summary>
/// <param name="Event">The event type.</param>
/// <param name="Columns">Per field of the event that callers send: the column it is read from.</param>
/// <param name="When">
/// A column and the text it must hold for the row to make this event; null makes one of every row. A row whose time column is empty makes none.
/// </param>
/// <param name="AfterMilliseconds">How long after the time in the row the event happens (a label that arrives days later).</param>
public sealed record SourceEvent(EventPlan Event, IReadOnlyList<SourceColumn> Columns, SourceCondition? When, long AfterMilliseconds);

/// <summary>A field of the event (by slot) and the column it comes from.</summary>
public sealed record SourceColumn(int Slot, string Column);

/// <summary>A column and what it must hold.</summary>
public sealed record SourceCondition(string Column, string Equal);

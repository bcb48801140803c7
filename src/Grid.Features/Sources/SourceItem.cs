using Grid.Features.Plans;

namespace Grid.Features.Sources;

/// <summary>An event produced by a row of a file.</summary>
/// <param name="Event">The event, with a value for each mapped field that the row contains.</param>
/// <param name="Plan">The event's type.</param>
/// <param name="Row">The row number, counted from 0 after the header.</param>
/// <param name="At">The event time: that of the row plus the source's delay.</param>
/// <param name="Made">The mapping that produced the event.</param>
internal readonly record struct SourceItem(Event Event, EventPlan Plan, long Row, EventTime At, SourceEvent Made);

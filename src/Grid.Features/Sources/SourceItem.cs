using Grid.Features.Plans;

namespace Grid.Features.Sources;

/// <summary>An event that a row of a file became, at its moment.</summary>
/// <param name="Event">The event, with a value in each field that the source maps and the row has.</param>
/// <param name="Plan">The event's type.</param>
/// <param name="Row">The row of the file, counted from 0 after the header.</param>
/// <param name="At">The event's time: that of the row, and what the source puts after it.</param>
/// <param name="Made">How the row became the event.</param>
internal readonly record struct SourceItem(Event Event, EventPlan Plan, long Row, EventTime At, SourceEvent Made);

namespace Grid.Features.Plans;

/// <summary>How rows of a third-party CSV file map to events, by column name.</summary>
/// <param name="Name">The source's name.</param>
/// <param name="Events">The events that a row can produce.</param>
/// <param name="Times">The unit and origin of numeric times; null if the file contains formatted times.</param>
/// <param name="AnyOrder">Whether rows may be in any order of time: the whole file is then read before the first event is returned.</param>
/// <param name="Zone">The time zone of times without an offset; null for UTC.</param>
internal sealed record SourcePlan(
    string Name, IReadOnlyList<SourceEvent> Events, SourceTimes? Times = null, bool AnyOrder = false, TimeZoneInfo? Zone = null)
{
    /// <summary>In place of a column name: the row number, counted from 0 after the header.</summary>
    public const string RowNumber = "$row";

    /// <summary>
    /// Prefix of placeholders in place of column names. <c>$eta.p50</c> is an output of the decision <c>eta</c> made for the same row: the
    /// replay fills it in, as an app would send it after receiving the decision.
    /// </summary>
    public const char Word = '$';
}

/// <summary>Times written as a number of units since an origin.</summary>
internal sealed record SourceTimes(long UnitMilliseconds, EventTime From);

/// <summary>An event that a row can produce.</summary>
/// <param name="Event">The event type.</param>
/// <param name="Columns">The source column of each field that callers send.</param>
/// <param name="When">
/// The column value that selects the rows that produce this event; null selects every row. A row with an empty time column produces none.
/// </param>
/// <param name="AfterMilliseconds">Added to the time in the row to get the event time, such as for a label that arrives days later.</param>
internal sealed record SourceEvent(EventPlan Event, IReadOnlyList<SourceColumn> Columns, SourceCondition? When, long AfterMilliseconds);

/// <summary>A field of the event (by slot) and its source column.</summary>
internal sealed record SourceColumn(int Slot, string Column);

/// <summary>A column and its required value.</summary>
internal sealed record SourceCondition(string Column, string Equal);

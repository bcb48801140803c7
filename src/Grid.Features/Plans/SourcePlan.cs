namespace Grid.Features.Plans;

/// <summary>How a row of a file of some maker becomes events: the columns of a CSV file, by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Events">What a row may become.</param>
/// <param name="Times">How the file writes times as numbers; null where it writes them as times.</param>
/// <param name="AnyOrder">Whether rows may stand in any order of time: the file is then read to its end before its first event is given out.</param>
/// <param name="Zone">The time zone of times that have no offset; null is UTC.</param>
internal sealed record SourcePlan(
    string Name, IReadOnlyList<SourceEvent> Events, SourceTimes? Times = null, bool AnyOrder = false, TimeZoneInfo? Zone = null)
{
    /// <summary>What a source writes in place of a column's name for the number of the row, counted from 0 after the header.</summary>
    public const string RowNumber = "$row";

    /// <summary>
    /// What such a word begins with. <c>$eta.p50</c> is an output of the decision <c>eta</c> that was made of the same row: whoever replays the file fills it in,
    /// as an app would send it that was told it.
    /// </summary>
    public const char Word = '$';
}

/// <summary>Times written as numbers of a unit, counted from a moment.</summary>
internal sealed record SourceTimes(long UnitMilliseconds, EventTime From);

/// <summary>One event that a row may become.</summary>
/// <param name="Event">The event type.</param>
/// <param name="Columns">Per field of the event that callers send: the column it is read from.</param>
/// <param name="When">
/// A column and the text it must hold for the row to make this event; null makes one of every row. A row whose time column is empty makes none.
/// </param>
/// <param name="AfterMilliseconds">How long after the time in the row the event happens (a label that arrives days later).</param>
internal sealed record SourceEvent(EventPlan Event, IReadOnlyList<SourceColumn> Columns, SourceCondition? When, long AfterMilliseconds);

/// <summary>A field of the event (by slot) and the column it comes from.</summary>
internal sealed record SourceColumn(int Slot, string Column);

/// <summary>A column and what it must hold.</summary>
internal sealed record SourceCondition(string Column, string Equal);

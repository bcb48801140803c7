using Grid.Features.Expressions;

namespace Grid.Features.Plans;

/// <summary>A compiled kind of entity: the events and columns its entities store, and its features.</summary>
internal sealed class KindPlan
{
    /// <summary>Index in <see cref="DefinitionPlan.Kinds"/>.</summary>
    public required int Ordinal { get; init; }

    public required string Name { get; init; }

    /// <summary>One per event type that a feature of the kind reads or on which the kind owns a decision.</summary>
    public required IReadOnlyList<TimelinePlan> Timelines { get; init; }

    /// <summary>Ordered so that each expression follows the features it reads.</summary>
    public required IReadOnlyList<FeaturePlan> Features { get; init; }

    /// <summary>The timeline of an event type, or null if the kind stores none.</summary>
    public TimelinePlan? TimelineOf(int @event) => Timelines.FirstOrDefault(timeline => timeline.Event.Ordinal == @event);
}

/// <summary>The events of one type stored by an entity: times, ids and columns, in order of time.</summary>
internal sealed class TimelinePlan
{
    /// <summary>Index in <see cref="KindPlan.Timelines"/>.</summary>
    public required int Ordinal { get; init; }

    public required EventPlan Event { get; init; }

    public required IReadOnlyList<ColumnPlan> Columns { get; init; }

    /// <summary>
    /// How long events are kept, in milliseconds before the newest event of the entity: at least the longest window plus its delay. Older
    /// events are dropped, or rejected if they arrive late.
    /// </summary>
    public required long RetentionMilliseconds { get; init; }
}

/// <summary>How a column stores its values. The numbers are written to snapshots: append new ones, never change one.</summary>
internal enum ColumnStorage : byte
{
    /// <summary>A 64-bit integer or missing: integers, scaled decimals, booleans, timestamps; 1 for a filtered count.</summary>
    Fixed = 1,

    /// <summary>A double or missing.</summary>
    Number = 2,

    /// <summary>A string or missing.</summary>
    Text = 3,

    /// <summary>A hash of a string (<see cref="StableHash"/>) or missing: matches starts with ends.</summary>
    Hash = 4,
}

/// <summary>One column of a timeline: a field of the event if it passes the filter, otherwise missing.</summary>
internal sealed class ColumnPlan
{
    /// <summary>Index in <see cref="TimelinePlan.Columns"/>.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The slot of the field, or <see cref="Ones"/> for a column with a 1 for each event that passes the filter.</summary>
    public required int Slot { get; init; }

    public required ColumnStorage Storage { get; init; }

    /// <summary>The filter over the event's fields; null passes every event.</summary>
    public CompiledExpression? Where { get; init; }

    /// <summary>Decimal places of a <see cref="ColumnStorage.Fixed"/> column.</summary>
    public int Scale { get; init; }

    /// <summary>
    /// Whether a label can change the value later: the field is a label field (the compiler rejects filters over label fields).
    /// </summary>
    public bool IsLabel { get; init; }

    /// <summary>For a field measured from an earlier event: where those events are stored; null for others.</summary>
    public SinceColumn? Since { get; init; }

    /// <summary>For a column of weighted values: their decay; null for others.</summary>
    public DecayPlan? Decay { get; init; }

    /// <summary>Whether a value may arrive after its event: with a label, or with the event it is measured from.</summary>
    public bool ComesLater => IsLabel || Since is not null;

    /// <summary>Whether running sums are stored, for features that read sums, means or standard deviations.</summary>
    public bool Summed { get; init; }

    /// <summary>Whether running sums of squares are stored, for features that read standard deviations.</summary>
    public bool Squared { get; init; }

    /// <summary>Whether the minimum and maximum of each block are stored, for features that read them.</summary>
    public bool Ranged { get; init; }

    /// <summary>The <see cref="Slot"/> of a column of ones.</summary>
    public const int Ones = -1;
}

/// <summary>Where the events are stored that a column is measured from.</summary>
/// <param name="Starts">The column of hashes of the earlier events.</param>
/// <param name="KeyColumn">The matching column of hashes, in the same timeline as the measured column.</param>
/// <param name="WithinMilliseconds">
/// The earlier event must be less than this many milliseconds older. The retention of its timeline is longer by at least as much.
/// </param>
internal sealed record SinceColumn(SpanEnd Starts, int KeyColumn, long WithinMilliseconds);

using Grid.Features.Expressions;

namespace Grid.Features.Plans;

/// <summary>A kind of entity, compiled: which events its entities keep, in which columns, and the features read from them.</summary>
internal sealed class KindPlan
{
    /// <summary>Place in <see cref="DefinitionPlan.Kinds"/>.</summary>
    public required int Ordinal { get; init; }

    public required string Name { get; init; }

    /// <summary>One per event type that some feature of the kind reads, and one per event type that the kind owns a decision on.</summary>
    public required IReadOnlyList<TimelinePlan> Timelines { get; init; }

    /// <summary>In an order in which each expression comes after what it reads.</summary>
    public required IReadOnlyList<FeaturePlan> Features { get; init; }

    /// <summary>The timeline of an event type, or null where the kind keeps none.</summary>
    public TimelinePlan? TimelineOf(int @event) => Timelines.FirstOrDefault(timeline => timeline.Event.Ordinal == @event);
}

/// <summary>What an entity keeps of one event type: times, ids and these columns, ordered by time.</summary>
internal sealed class TimelinePlan
{
    /// <summary>Place in <see cref="KindPlan.Timelines"/>.</summary>
    public required int Ordinal { get; init; }

    public required EventPlan Event { get; init; }

    public required IReadOnlyList<ColumnPlan> Columns { get; init; }

    /// <summary>
    /// How far back, in milliseconds before the newest event of the entity, events are kept: at least the longest window with its delay.
    /// An older event is forgotten, or not taken when it comes so late.
    /// </summary>
    public required long RetentionMilliseconds { get; init; }
}

/// <summary>How a column keeps its values. The numbers are written to snapshots: add at the end, change none.</summary>
internal enum ColumnStorage : byte
{
    /// <summary>A 64-bit integer or nothing: integers, scaled decimals, booleans, timestamps; 1 for a plain filtered count.</summary>
    Fixed = 1,

    /// <summary>A double or nothing.</summary>
    Number = 2,

    /// <summary>Text or nothing.</summary>
    Text = 3,

    /// <summary>A hash of text (<see cref="StableHash"/>) or nothing: what starts and ends are matched by.</summary>
    Hash = 4,
}

/// <summary>One column of a timeline: a field of the event, kept where a filter lets it through and nothing elsewhere.</summary>
internal sealed class ColumnPlan
{
    /// <summary>Place in <see cref="TimelinePlan.Columns"/>.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The slot it is taken from, or <see cref="Ones"/>: a column that holds 1 for each event that the filter lets through.</summary>
    public required int Slot { get; init; }

    public required ColumnStorage Storage { get; init; }

    /// <summary>A condition over the event's fields; null lets every event through.</summary>
    public CompiledExpression? Where { get; init; }

    /// <summary>Decimal places of a <see cref="ColumnStorage.Fixed"/> column.</summary>
    public int Scale { get; init; }

    /// <summary>Whether a label changes its value later: the field is a label field (a filter over label fields is refused by the compiler).</summary>
    public bool IsLabel { get; init; }

    /// <summary>For a field that is measured from an earlier event: where that is kept. Null of all others.</summary>
    public SinceColumn? Since { get; init; }

    /// <summary>For a column of weighed values: how they are weighed. Null of all others.</summary>
    public DecayPlan? Decay { get; init; }

    /// <summary>Whether a value may come after its event did: by a label, or with the event that it is measured from.</summary>
    public bool ComesLater => IsLabel || Since is not null;

    /// <summary>Some feature reads sums, means or deviations of it: running sums are worth keeping.</summary>
    public bool Summed { get; init; }

    /// <summary>Some feature reads its standard deviation: running sums of squares are worth keeping.</summary>
    public bool Squared { get; init; }

    /// <summary>Some feature reads its minimum or maximum: extremes of blocks are worth keeping.</summary>
    public bool Ranged { get; init; }

    /// <summary>Value of <see cref="Slot"/> of a column of ones.</summary>
    public const int Ones = -1;
}

/// <summary>Where the events are that a column is measured from.</summary>
/// <param name="Starts">The column of hashes of the earlier events.</param>
/// <param name="KeyColumn">The column of hashes, of the same timeline, that is compared with it.</param>
/// <param name="WithinMilliseconds">The earlier event happened less than so long before. Their timeline is kept at least as much longer.</param>
internal sealed record SinceColumn(SpanEnd Starts, int KeyColumn, long WithinMilliseconds);

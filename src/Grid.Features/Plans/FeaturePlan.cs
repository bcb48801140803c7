using Grid.Features.Expressions;

namespace Grid.Features.Plans;

/// <summary>What is computed over a window.</summary>
internal enum Aggregation : byte
{
    None = 0,

    /// <summary>How many events (with a column: how many of its values are there). 0 of an empty window.</summary>
    Count = 1,

    /// <summary>The sum. 0 of an empty window.</summary>
    Sum = 2,

    /// <summary>The arithmetic mean: one exact sum, one division. Missing of an empty window.</summary>
    Mean = 3,

    /// <summary>The least value. Missing of an empty window.</summary>
    Min = 4,

    /// <summary>The greatest value. Missing of an empty window.</summary>
    Max = 5,

    /// <summary>The sample standard deviation (divisor n - 1), from exact sums. Missing of fewer than two values.</summary>
    StdDev = 6,

    /// <summary>How many different values. 0 of an empty window.</summary>
    Distinct = 7,

    /// <summary>The value of the earliest event that has one. Missing of an empty window.</summary>
    First = 8,

    /// <summary>The value of the latest event that has one. Missing of an empty window.</summary>
    Last = 9,

    /// <summary>Seconds from the latest event strictly before the moment of reading (or, with a delay, at or before its end) to that moment.</summary>
    SinceLast = 10,

    /// <summary>The most frequent value; of equally frequent ones the least (numbers by value, text by ordinal). Missing of an empty window.</summary>
    Top = 11,

    /// <summary>How many things started in the window and were not ended by the moment. 0 where none started.</summary>
    Open = 12,

    /// <summary>Of how many keys the latest event lies in the window and passed the filter. 0 where none passed.</summary>
    Latest = 13,

    /// <summary>
    /// The nearest-rank quantile: the least value of the window that is at or above the wanted part of its values. Always one of them, so fixed-point
    /// values stay exact. Missing of an empty window.
    /// </summary>
    Quantile = 14,

    /// <summary>The sum of weighed values: a value counts half for every half-life of its age. 0 of an empty window.</summary>
    DecayedSum = 15,

    /// <summary>The mean of weighed values: their sum by the sum of their weights. Missing of an empty window.</summary>
    DecayedMean = 16,

    /// <summary>The sum of weights. 0 of an empty window.</summary>
    DecayedCount = 17,
}

/// <summary>A feature of a kind, compiled: an aggregation over a window of one column, or an expression over other features of the kind.</summary>
internal sealed class FeaturePlan
{
    /// <summary>Place in <see cref="KindPlan.Features"/>.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The short name, such as <c>tx_count_1d</c>.</summary>
    public required string Name { get; init; }

    /// <summary>With its kind, such as <c>card.tx_count_1d</c>.</summary>
    public required string FullName { get; init; }

    /// <summary>The definition in words, such as <c>mean of transaction.amount over 7d</c>.</summary>
    public required string Definition { get; init; }

    public Aggregation Aggregation { get; init; }

    /// <summary>Place in <see cref="KindPlan.Timelines"/>; -1 of an expression.</summary>
    public int Timeline { get; init; } = -1;

    /// <summary>Place in <see cref="TimelinePlan.Columns"/>; -1 where events are counted, or their time is read, without one.</summary>
    public int Column { get; init; } = -1;

    /// <summary>The window's length in milliseconds; <see cref="WholeHistory"/> where none was given.</summary>
    public long WindowMilliseconds { get; init; } = WholeHistory;

    /// <summary>How far the window is moved back, in milliseconds.</summary>
    public long DelayMilliseconds { get; init; }

    /// <summary>The declared value of an empty window, in place of what the aggregation says; null where none was declared.</summary>
    public Value? Empty { get; init; }

    /// <summary>Whether its value is text.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether its value is an integer of 64 bits, beyond what a double holds exactly. Counts are not: they stay within it.</summary>
    public bool IsInteger { get; init; }

    /// <summary>For <see cref="Aggregation.Open"/> and <see cref="Aggregation.Latest"/>: what ends what the column starts. Null of all others.</summary>
    public SpanPlan? Span { get; init; }

    /// <summary>For <see cref="Aggregation.Quantile"/>: the part of the values, in thousand-millionths, from 0 to <see cref="Billion"/>.</summary>
    public int QuantileBillionths { get; init; }

    /// <summary>For <see cref="Aggregation.DecayedMean"/>: the column of the weights alone; -1 of all others.</summary>
    public int WeightColumn { get; init; } = -1;

    /// <summary>For a value that is computed elsewhere and loaded: what is declared of it. Null of all others.</summary>
    public BatchPlan? Batch { get; init; }

    /// <summary>For an expression: the program, whose input <c>i</c> is the feature <see cref="ExpressionInputs"/>[i].</summary>
    public CompiledExpression? Expression { get; init; }

    /// <summary>Places in <see cref="KindPlan.Features"/>.</summary>
    public IReadOnlyList<int> ExpressionInputs { get; init; } = [];

    /// <summary>The length of a window that reaches back over all that is kept.</summary>
    public const long WholeHistory = long.MaxValue;

    /// <summary>The whole, in thousand-millionths.</summary>
    public const int Billion = 1_000_000_000;
}

/// <summary>What ends the things that a column of hashes starts. A thing ends with the earliest end of the same hash.</summary>
/// <param name="Ends">Where the ends are. Those in the timeline of the starts end only what came before them in its order.</param>
/// <param name="SlackMilliseconds">How long before its start an end may lie: the thing was never open then.</param>
internal sealed record SpanPlan(IReadOnlyList<SpanEnd> Ends, long SlackMilliseconds);

/// <summary>A column of hashes in a timeline of the kind.</summary>
/// <param name="Timeline">Place in <see cref="KindPlan.Timelines"/>.</param>
/// <param name="Column">Place in <see cref="TimelinePlan.Columns"/>.</param>
internal readonly record struct SpanEnd(int Timeline, int Column);

/// <summary>A value that is computed elsewhere and loaded, with the time that it was computed for.</summary>
/// <param name="Type">Number, boolean or text.</param>
/// <param name="MaxAgeMilliseconds">How old it may be when it is read; null where any age will do.</param>
/// <param name="RetentionMilliseconds">How long a value is kept after another took its place, for readings at past moments.</param>
internal sealed record BatchPlan(ExpressionType Type, long? MaxAgeMilliseconds, long RetentionMilliseconds);

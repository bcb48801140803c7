using Grid.Features.Expressions;

namespace Grid.Features.Plans;

/// <summary>How the values of a window are aggregated.</summary>
internal enum Aggregation : byte
{
    None = 0,

    /// <summary>The number of events (with a column: of its values). 0 for an empty window.</summary>
    Count = 1,

    /// <summary>The sum. 0 for an empty window.</summary>
    Sum = 2,

    /// <summary>The arithmetic mean: one exact sum, one division. Missing for an empty window.</summary>
    Mean = 3,

    /// <summary>The minimum. Missing for an empty window.</summary>
    Min = 4,

    /// <summary>The maximum. Missing for an empty window.</summary>
    Max = 5,

    /// <summary>The sample standard deviation (divisor n - 1), from exact sums. Missing for fewer than two values.</summary>
    StdDev = 6,

    /// <summary>The number of distinct values. 0 for an empty window.</summary>
    Distinct = 7,

    /// <summary>The value of the earliest event that has one. Missing for an empty window.</summary>
    First = 8,

    /// <summary>The value of the latest event that has one. Missing for an empty window.</summary>
    Last = 9,

    /// <summary>
    /// Seconds from the latest event strictly before the read time (with a delay: at or before its end) to the read time.
    /// </summary>
    SinceLast = 10,

    /// <summary>
    /// The most frequent value; of equally frequent ones the least (numbers by value, strings by ordinal). Missing for an empty window.
    /// </summary>
    Top = 11,

    /// <summary>The number of starts in the window that have not ended by the read time. 0 if there are none.</summary>
    Open = 12,

    /// <summary>The number of keys whose latest event is in the window and passed the filter. 0 if there are none.</summary>
    Latest = 13,

    /// <summary>
    /// The nearest-rank quantile: the least value of the window such that at least the given fraction of the values is at or below it.
    /// Always one of the values, so fixed-point values stay exact. Missing for an empty window.
    /// </summary>
    Quantile = 14,

    /// <summary>The sum of weighted values: a value's weight halves with every half-life of its age. 0 for an empty window.</summary>
    DecayedSum = 15,

    /// <summary>The mean of weighted values: their sum divided by the sum of the weights. Missing for an empty window.</summary>
    DecayedMean = 16,

    /// <summary>The sum of the weights. 0 for an empty window.</summary>
    DecayedCount = 17,
}

/// <summary>
/// A compiled feature of a kind: an aggregation over a window of one column, or an expression over other features of the kind.
/// </summary>
internal sealed class FeaturePlan
{
    /// <summary>Index in <see cref="KindPlan.Features"/>.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The short name, such as <c>tx_count_1d</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name with its kind, such as <c>card.tx_count_1d</c>.</summary>
    public required string FullName { get; init; }

    /// <summary>The definition in readable form, such as <c>mean of transaction.amount over 7d</c>.</summary>
    public required string Definition { get; init; }

    public Aggregation Aggregation { get; init; }

    /// <summary>Index into <see cref="KindPlan.Timelines"/>; -1 for an expression.</summary>
    public int Timeline { get; init; } = -1;

    /// <summary>Index into <see cref="TimelinePlan.Columns"/>; -1 if the aggregation uses only the events or their times.</summary>
    public int Column { get; init; } = -1;

    /// <summary>The window's length in milliseconds; <see cref="WholeHistory"/> by default.</summary>
    public long WindowMilliseconds { get; init; } = WholeHistory;

    /// <summary>How far the end of the window is before the read time, in milliseconds.</summary>
    public long DelayMilliseconds { get; init; }

    /// <summary>The declared value of an empty window, which overrides that of the aggregation; null if none is declared.</summary>
    public Value? Empty { get; init; }

    /// <summary>Whether the value is a string.</summary>
    public bool IsText { get; init; }

    /// <summary>
    /// Whether the value is a 64-bit integer that a double may not hold exactly. False for counts, which a double always holds.
    /// </summary>
    public bool IsInteger { get; init; }

    /// <summary>
    /// For <see cref="Aggregation.Open"/> and <see cref="Aggregation.Latest"/>: what ends the starts in the column; null for others.
    /// </summary>
    public SpanPlan? Span { get; init; }

    /// <summary>For <see cref="Aggregation.Quantile"/>: the fraction in billionths, from 0 to <see cref="Billion"/>.</summary>
    public int QuantileBillionths { get; init; }

    /// <summary>For <see cref="Aggregation.DecayedMean"/>: the column of the weights; -1 for others.</summary>
    public int WeightColumn { get; init; } = -1;

    /// <summary>For a batch feature: its declaration; null for others.</summary>
    public BatchPlan? Batch { get; init; }

    /// <summary>
    /// For an expression: the compiled expression, whose input <c>i</c> is the feature <see cref="ExpressionInputs"/>[i].
    /// </summary>
    public CompiledExpression? Expression { get; init; }

    /// <summary>Indexes into <see cref="KindPlan.Features"/>.</summary>
    public IReadOnlyList<int> ExpressionInputs { get; init; } = [];

    /// <summary>The length of a window that covers the whole retained history.</summary>
    public const long WholeHistory = long.MaxValue;

    /// <summary>One, in billionths.</summary>
    public const int Billion = 1_000_000_000;
}

/// <summary>Describes the ends that match the starts in a column of hashes. A start ends with the earliest end of the same hash.</summary>
/// <param name="Ends">
/// The columns of the ends. An end in the timeline of the starts ends only starts that precede it in the timeline's order.
/// </param>
/// <param name="SlackMilliseconds">How long before its start an end may be; such a start was never open.</param>
internal sealed record SpanPlan(IReadOnlyList<SpanEnd> Ends, long SlackMilliseconds);

/// <summary>A column of hashes in a timeline of the kind.</summary>
/// <param name="Timeline">Index into <see cref="KindPlan.Timelines"/>.</param>
/// <param name="Column">Index into <see cref="TimelinePlan.Columns"/>.</param>
internal readonly record struct SpanEnd(int Timeline, int Column);

/// <summary>A batch feature: computed elsewhere and loaded, with the time it was computed for.</summary>
/// <param name="Type">Number, boolean or string.</param>
/// <param name="MaxAgeMilliseconds">The maximum age when read, in milliseconds; null for no limit.</param>
/// <param name="RetentionMilliseconds">How long a superseded value is kept for reads at past times, in milliseconds.</param>
internal sealed record BatchPlan(ExpressionType Type, long? MaxAgeMilliseconds, long RetentionMilliseconds);

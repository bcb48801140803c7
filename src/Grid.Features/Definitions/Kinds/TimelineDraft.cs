using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>A timeline while its features are read.</summary>
internal sealed class TimelineDraft(int ordinal, EventPlan plan)
{
    /// <summary>The default retention of a timeline with features over the whole history, in milliseconds.</summary>
    public const long WholeHistory = 90 * Durations.Day;

    private readonly List<ColumnDraft> _columns = [];
    private long _longest;
    private bool _whole;

    public int Ordinal => ordinal;

    public EventPlan Event => plan;

    /// <summary>The column of a field (or of ones) with a filter; -1 if neither is given.</summary>
    public int Column(int slot, CompiledExpression? where, AggregationShape shape, SinceColumn? since)
    {
        if (slot == ColumnPlan.Ones && where is null)
        {
            return -1;
        }

        var column = Column(slot, where, isHash: false, null, since);
        column.Serve(shape);
        return column.Ordinal;
    }

    /// <summary>The column of hashes of a string field with a filter: matches starts with ends.</summary>
    public int HashColumn(int slot, CompiledExpression? where) => Column(slot, where, isHash: true, null, null).Ordinal;

    /// <summary>The column of weighted values of a field with a filter, or of their weights.</summary>
    public int DecayColumn(int slot, CompiledExpression? where, DecayPlan decay, SinceColumn? since) =>
        Column(slot, where, isHash: false, decay, since).Ordinal;

    private ColumnDraft Column(int slot, CompiledExpression? where, bool isHash, DecayPlan? decay, SinceColumn? since)
    {
        var column = _columns.Find(known => known.Is(slot, where, isHash, decay));
        if (column is null)
        {
            column = new(_columns.Count, slot, slot == ColumnPlan.Ones ? null : plan.Fields[slot], where) { IsHash = isHash, Decay = decay, Since = since };
            _columns.Add(column);
        }

        return column;
    }

    public void Reach(long window, long delay)
    {
        _whole |= window == FeaturePlan.WholeHistory;
        _longest = Math.Max(_longest, (window == FeaturePlan.WholeHistory ? 0 : window) + delay);
    }

    /// <summary>How far back the features read, in milliseconds: the minimum retention.</summary>
    public long Longest => _longest;

    /// <summary>How long the events are kept, in milliseconds.</summary>
    /// <param name="declared">The retention declared in the bundle; null if there is none.</param>
    public long Retention(long? declared) => declared ?? Math.Max(Math.Max(2 * _longest, Durations.Day), _whole ? WholeHistory : 0);

    public TimelinePlan Plan(long retention) => new()
    {
        Ordinal = ordinal,
        Event = plan,
        Columns = [.. _columns.Select(column => column.Plan())],
        RetentionMilliseconds = retention,
    };
}

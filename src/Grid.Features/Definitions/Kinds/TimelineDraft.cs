using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>A timeline while features gather on it.</summary>
internal sealed class TimelineDraft(int ordinal, EventPlan plan)
{
    /// <summary>How long whole histories are kept where nothing is declared.</summary>
    public const long WholeHistory = 90 * Durations.Day;

    private readonly List<ColumnDraft> _columns = [];
    private long _longest;
    private bool _whole;

    public int Ordinal => ordinal;

    public EventPlan Event => plan;

    /// <summary>The column of a field (or of ones) under a filter; -1 where neither is given.</summary>
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

    /// <summary>The column of a text field's hashes under a filter: what starts and ends are matched by.</summary>
    public int HashColumn(int slot, CompiledExpression? where) => Column(slot, where, isHash: true, null, null).Ordinal;

    /// <summary>The column of a field's weighed values under a filter, or of their weights.</summary>
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

    /// <summary>How far the features reach back: what must be kept at least.</summary>
    public long Longest => _longest;

    /// <summary>How long the events are kept for the features that read them.</summary>
    /// <param name="declared">What the bundle says to keep; null where it says nothing.</param>
    public long Retention(long? declared) => declared ?? Math.Max(Math.Max(2 * _longest, Durations.Day), _whole ? WholeHistory : 0);

    public TimelinePlan Plan(long retention) => new()
    {
        Ordinal = ordinal,
        Event = plan,
        Columns = [.. _columns.Select(column => column.Plan())],
        RetentionMilliseconds = retention,
    };
}

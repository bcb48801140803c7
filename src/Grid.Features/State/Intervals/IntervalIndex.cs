using Grid.Features.Plans;

namespace Grid.Features.State.Intervals;

/// <summary>
/// The starts and ends of one entity. The number open at a time is the number started by then less the number closed by then. A start
/// closes with the earliest later end of its key, or when the window leaves it, whichever comes first.
/// </summary>
/// <param name="window">The longest time a start is counted, in milliseconds; <see cref="FeaturePlan.WholeHistory"/> for no limit.</param>
/// <param name="slack">How long before a start its end may be, in milliseconds.</param>
internal sealed class IntervalIndex(long window, long slack)
{
    private readonly SortedBlocks<SpanPoint> _starts = new();
    private readonly SortedBlocks<SpanPoint> _ends = new();
    private readonly SortedBlocks<SpanMoment> _startTimes = new();
    private readonly SortedBlocks<SpanMoment> _endTimes = new();
    private readonly SortedBlocks<long> _closings = new();
    private long _horizon = -1;

    public void AddStart(long key, long time, long rank)
    {
        var start = new SpanPoint(key, time, rank);
        if (time <= _horizon)
        {
            return;
        }

        _starts.Add(start);
        _startTimes.Add(new(start));
        Close(start, EndAfter(start));
    }

    public void AddEnd(long key, long time, long rank)
    {
        var end = new SpanPoint(key, time + slack, rank);
        if (end.Time <= _horizon)
        {
            return;
        }

        // The end closes what started since the previous end; until now the next end closed it.
        var place = _ends.UpTo(end);
        var first = place > 0 && _ends[place - 1].Key == key ? _ends[place - 1] : new(key, long.MinValue, 0);
        var until = place < _ends.Count && _ends[place].Key == key ? _ends[place] : (SpanPoint?)null;
        var to = _starts.Before(end);
        for (var i = _starts.Before(first); i < to; i++)
        {
            Reopen(_starts[i], until);
            Close(_starts[i], end);
        }

        _ends.Add(end);
        _endTimes.Add(new(end));
    }

    /// <summary>Drops starts at or before a time.</summary>
    public void Forget(long horizon)
    {
        _horizon = Math.Max(_horizon, horizon);
        while (_startTimes.Count > 0 && _startTimes[0].Point.Time <= _horizon)
        {
            var start = _startTimes[0].Point;
            Reopen(start, EndAfter(start));
            _startTimes.Remove(new(start));
            _starts.Remove(start);
        }

        while (_endTimes.Count > 0 && _endTimes[0].Point.Time <= _horizon)
        {
            var end = _endTimes[0].Point;
            _endTimes.Remove(new(end));
            _ends.Remove(end);
        }
    }

    /// <summary>The number of spans open at a time.</summary>
    public int OpenAt(long at) => _startTimes.UpTo(SpanMoment.EndOf(at)) - _closings.UpTo(at);

    /// <summary>The time of the latest start at or before a time; -1 if there is none.</summary>
    public long LatestStart(long at)
    {
        var started = _startTimes.UpTo(SpanMoment.EndOf(at));
        return started == 0 ? -1 : _startTimes[started - 1].Point.Time;
    }

    private SpanPoint? EndAfter(SpanPoint start)
    {
        var place = _ends.UpTo(start);
        return place < _ends.Count && _ends[place].Key == start.Key ? _ends[place] : null;
    }

    private void Close(SpanPoint start, SpanPoint? end)
    {
        if (ClosingOf(start, end) is { } closing)
        {
            _closings.Add(closing);
        }
    }

    private void Reopen(SpanPoint start, SpanPoint? end)
    {
        if (ClosingOf(start, end) is { } closing)
        {
            _closings.Remove(closing);
        }
    }

    private long? ClosingOf(SpanPoint start, SpanPoint? end)
    {
        var left = window == FeaturePlan.WholeHistory ? (long?)null : start.Time + window;
        return end is { } known ? Math.Max(start.Time, Math.Min(known.Time - slack, left ?? long.MaxValue)) : left;
    }
}

using Grid.Features.Plans;

namespace Grid.Features.State.Intervals;

/// <summary>
/// What started and when it ended, of one entity: how many are open at a moment is how many had started by then, less how many had closed. A start closes
/// with the earliest end of its key that lies behind it, or when the window leaves it, whichever comes first.
/// </summary>
/// <param name="window">How long a start is counted at most, in milliseconds; <see cref="FeaturePlan.WholeHistory"/> for ever.</param>
/// <param name="slack">How long before a start its end may lie, in milliseconds.</param>
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

        // It ends what started since the end before it; the end behind it did so until now.
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

    /// <summary>Forgets what started at or before a moment.</summary>
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

    /// <summary>How many had started at a moment and were not closed.</summary>
    public int OpenAt(long at) => _startTimes.UpTo(SpanMoment.EndOf(at)) - _closings.UpTo(at);

    /// <summary>The time of the latest start at or before a moment; -1 where there is none.</summary>
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

using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>Reads windows of one timeline of an entity as of a time.</summary>
internal sealed unsafe class TimelineReader(Arena arena, KindLayout kind, TimelineTree tree, Labels labels, AggregateCaches derived, TextTable texts, long[] offsets)
{
    // Scanning this many events is cheaper than maintaining a cache.
    private const int Few = 32;
    private const int PatienceInReadings = 2;

    private readonly WindowBound[] _edges = [.. offsets.Select(_ => new WindowBound(tree.Layout))];
    private readonly WindowScan _scan = new(tree, texts);
    private readonly WindowBound _from = new(tree.Layout);
    private readonly WindowBound _to = new(tree.Layout);
    private long _reading;
    private int _entity;
    private long _at;
    private long _horizon;
    private long _newest;
    private int _root;
    private int _head;
    private bool _forgot;
    private bool _labelsToCome;
    private LabelLog _log;

    /// <summary>Selects an entity and a time.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="timeline">The timeline's ordinal.</param>
    /// <param name="at">The time, in Unix milliseconds.</param>
    /// <param name="newest">Time of the entity's newest event; -1 if it has none.</param>
    public void Begin(int entity, int timeline, long at, long newest)
    {
        var record = new EntityRecord(arena[entity], kind);
        (_entity, _at, _root, _head, _forgot) = (entity, at, record.Root(timeline), record.HeadBytes, record.Forgot(timeline));
        _newest = newest;
        _horizon = Math.Max(-1, newest - tree.Layout.Retention);
        _labelsToCome = labels.TryGet(entity, out _log) && _log.NewestKnown > at;
        _reading++;
    }

    public ReadValue Read(WindowProgram window)
    {
        var (low, high) = (WindowBoundAt(window.Low), WindowBoundAt(window.High));
        var isApproximate = window.IsWhole ? _forgot || low.Events > 0 : Math.Max(-1, _at - window.Start) < _horizon;
        if (high.Events <= low.Events)
        {
            return new(window.Empty, ReadValue.Nothing, isApproximate);
        }

        if (window.Column is not { } column)
        {
            var newest = high.Leaf.Time(high.Index - 1);
            var value = window.Plan.Aggregation == Aggregation.Count ? high.Events - low.Events : Seconds(newest);
            return new(Value.Of(value), newest, isApproximate);
        }

        if (column.Plan.Decay is { } decay)
        {
            return ReadDecayed(window, column, decay.HalfLifeMilliseconds, low, high) with { Approximate = isApproximate };
        }

        if (_labelsToCome && column.Plan.IsLabel)
        {
            return Scan(window, column, low, high, isApproximate);
        }

        if (window.Plan.Aggregation is Aggregation.Distinct or Aggregation.Top or Aggregation.Quantile)
        {
            return high.Events - low.Events > Few && TrySlide(window, column, low, high) is { } counts
                ? Read(window, column, counts, high) with { Approximate = isApproximate }
                : Scan(window, column, low, high, isApproximate);
        }

        var values = high.Values(column) - low.Values(column);
        return values == 0
            ? new(window.Empty, ReadValue.Nothing, isApproximate)
            : Read(window, column, low, high, values) with { Approximate = isApproximate };
    }

    private ReadValue Read(WindowProgram window, ColumnLayout column, WindowBound low, WindowBound high, int values)
    {
        var scale = column.Plan.Scale;
        ref readonly var newest = ref high.Latest(arena, column);
        return window.Plan.Aggregation switch
        {
            Aggregation.Count => Of(values, newest),
            Aggregation.Sum => new(Exact.Sum(high.Sum(column) - low.Sum(column), scale), newest.Time, false),
            Aggregation.Mean => Of(Exact.Mean(high.Sum(column) - low.Sum(column), values, scale), newest),
            Aggregation.StdDev => Of(values < 2 ? double.NaN : Exact.StdDev(high.Before(column) - low.Before(column), scale), newest),
            Aggregation.Min => new(ColumnValue.Of(column, WindowBoundSearch.Between(low, high, column).Least, texts), newest.Time, false),
            Aggregation.Max => new(ColumnValue.Of(column, WindowBoundSearch.Between(low, high, column).Greatest, texts), newest.Time, false),
            Aggregation.Last => new(ColumnValue.Of(column, newest.Key, texts), newest.Time, false),
            Aggregation.SinceLast => Of(Seconds(newest.Time), newest),
            Aggregation.First => First(column, low),
            _ => throw new InvalidOperationException($"{window.Plan.FullName}: {window.Plan.Aggregation} is not read here."),
        };
    }

    private ReadValue ReadDecayed(WindowProgram window, ColumnLayout column, long halfLife, WindowBound low, WindowBound high)
    {
        var values = high.Values(column) - low.Values(column);
        if (_labelsToCome && column.Plan.IsLabel)
        {
            _scan.Run(_entity, low, high, column, _log, _at, window.Plan.Aggregation);
            values = _scan.Totals.Values;
        }

        if (values == 0)
        {
            return new(window.Empty, ReadValue.Nothing, false);
        }

        var newest = _labelsToCome && column.Plan.IsLabel ? _scan.Newest : high.Latest(arena, column).Time;
        var sum = Decayed(window, column, halfLife, low, high);
        double weight = DecayWeights.Of(_at - window.Plan.DelayMilliseconds, halfLife);
        double power = FixedPoint.Power(column.Plan.Scale);
        var value = window.Plan.Aggregation switch
        {
            Aggregation.DecayedCount => sum / weight,
            Aggregation.DecayedSum => sum / (weight * power),
            _ => sum / (Decayed(window, window.Weights!, halfLife, low, high) * power),
        };
        return new(Value.Of(value), newest, false);
    }

    // One exact sum per epoch of the window, each with half the weight of its successor.
    private double Decayed(WindowProgram window, ColumnLayout column, long halfLife, WindowBound low, WindowBound high)
    {
        var (end, newest) = (_at - window.Plan.DelayMilliseconds, high.Leaf.Time(high.Index - 1));
        var (sum, before, after) = (0.0, low, _from);
        for (var epoch = Math.Max(0, TimeOf(window.Low) + 1) / halfLife; epoch <= end / halfLife; epoch++)
        {
            var time = ((epoch + 1) * halfLife) - 1;
            if (time >= newest)
            {
                after = high;
            }
            else
            {
                Find(after, time);
            }

            sum = (sum / 2) + Exact.ToDouble(SumBetween(column, before, after));
            (before, after) = (after, ReferenceEquals(after, _from) ? _to : _from);
        }

        return sum;
    }

    private Int128 SumBetween(ColumnLayout column, WindowBound low, WindowBound high)
    {
        if (_labelsToCome && column.Plan.IsLabel)
        {
            _scan.Run(_entity, low, high, column, _log, _at, Aggregation.Sum);
            return _scan.Totals.Sum;
        }

        return high.Values(column) == low.Values(column) ? Int128.Zero : high.Sum(column) - low.Sum(column);
    }

    private ReadValue First(ColumnLayout column, WindowBound low)
    {
        var first = WindowBoundSearch.Earliest(arena, low, column);
        return new(ColumnValue.Of(column, first.Key, texts), first.Time, false);
    }

    private ReadValue Read(WindowProgram window, ColumnLayout column, SlidingValues counts, WindowBound high)
    {
        return counts.IsEmpty
            ? new(window.Empty, ReadValue.Nothing, false)
            : new(counts.Read(window.Plan, texts), high.Latest(arena, column).Time, false);
    }

    // The cache follows the window forward. An earlier window is scanned instead and leaves the cache for the next read; after a few misses
    // the cache is rebuilt.
    private SlidingValues? TrySlide(WindowProgram window, ColumnLayout column, WindowBound low, WindowBound high)
    {
        ref var counts = ref derived.Make(_entity).Counts[window.Plan.Ordinal];
        var (lowTime, highTime) = (TimeOf(window.Low), Math.Min(TimeOf(window.High), _newest));
        if (counts is not null && (lowTime < counts.Low || highTime < counts.High))
        {
            if (counts.Misses++ < PatienceInReadings)
            {
                return null;
            }

            counts = null;
        }

        if (counts is null)
        {
            counts = SlidingValues.For(window.Plan.Aggregation, column, texts);
            (counts.Low, counts.High) = (lowTime, highTime);
            _scan.Count(_entity, low, high, counts, add: true);
            return counts;
        }

        Find(_from, counts.High);
        _scan.Count(_entity, _from, high, counts, add: true);
        Find(_from, counts.Low);
        _scan.Count(_entity, _from, low, counts, add: false);
        (counts.Low, counts.High, counts.Misses) = (lowTime, highTime, 0);
        return counts;
    }

    // Event by event: exact whatever was known at the time.
    private ReadValue Scan(WindowProgram window, ColumnLayout column, WindowBound low, WindowBound high, bool isApproximate)
    {
        _scan.Run(_entity, low, high, column, _labelsToCome && column.Plan.IsLabel ? _log : default, _at, window.Plan.Aggregation);
        return _scan.Totals.Values == 0
            ? new(window.Empty, ReadValue.Nothing, isApproximate)
            : _scan.Answer(window.Plan, column, _at) with { Approximate = isApproximate };
    }

    private static ReadValue Of(double value, in Found newest) => new(Value.Of(value), newest.Time, false);

    private double Seconds(long time) => (_at - time) / 1000.0;

    private WindowBound WindowBoundAt(int number)
    {
        var bound = _edges[number];
        if (bound.Reading == _reading)
        {
            return bound;
        }

        bound.Reading = _reading;
        if (_root == 0)
        {
            bound.FindNothing();
            return bound;
        }

        Find(bound, TimeOf(number));
        return bound;
    }

    // Events at or before the horizon are never read, whether or not they are already dropped.
    private long TimeOf(int number) => Math.Max(offsets[number] == FeaturePlan.WholeHistory ? -1 : _at - offsets[number], _horizon);

    private void Find(WindowBound bound, long time)
    {
        var inner = _root == _entity;
        var piece = arena[_root];
        var isLeaf = inner || piece[Arena.Reserved] == 0;
        bound.Find(arena, piece + (inner ? _head : isLeaf ? TreeWalk.LeafPieceHeader : 0), isLeaf, time);
    }
}

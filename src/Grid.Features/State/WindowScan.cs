using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// Aggregates a window event by event. Supports every aggregation, in time linear in the window's length: for reads as of a time before a
/// label was known, and to build caches.
/// </summary>
internal sealed class WindowScan(TimelineTree tree, TextTable texts)
{
    private readonly TreePath _path = new();
    private readonly Dictionary<long, int> _counts = [];
    private Totals _totals;
    private MinMax _extent;
    private Found _first;
    private Found _last;
    private long[] _keys = new long[256];

    public ref readonly Totals Totals => ref _totals;

    /// <summary>Time of the latest event with a value.</summary>
    public long Newest => _last.Time;

    public void Run(int entity, WindowBound low, WindowBound high, ColumnLayout column, LabelLog log, long at, Aggregation aggregation)
    {
        (_totals, _extent, _first, _last) = (default, MinMax.None, default, default);
        _counts.Clear();
        var rest = high.Events - low.Events;
        var index = Start(entity, low);
        while (rest > 0)
        {
            var leaf = tree.Walk.LeafOf(_path);
            for (; index < leaf.Count && rest > 0; index++, rest--)
            {
                Take(leaf, index, column, log, at, aggregation);
            }

            index = 0;
            if (rest > 0)
            {
                tree.Walk.StepOn(_path);
            }
        }
    }

    /// <summary>Adds the values between two bounds to a cache, or removes them.</summary>
    public void Count(int entity, WindowBound from, WindowBound to, SlidingValues counts, bool add)
    {
        var rest = to.Events - from.Events;
        var index = Start(entity, from);
        for (var more = rest > 0; more; more = rest > 0 && tree.Walk.StepOn(_path))
        {
            var leaf = tree.Walk.LeafOf(_path);
            var values = leaf.Column(counts.Column.Ordinal);
            for (; index < leaf.Count && rest > 0; index++, rest--)
            {
                if (values.IsMissing(index))
                {
                    continue;
                }

                if (add)
                {
                    counts.Add(values.Key(index));
                }
                else
                {
                    counts.Remove(values.Key(index));
                }
            }

            index = 0;
        }
    }

    public ReadValue Answer(FeaturePlan feature, ColumnLayout column, long at)
    {
        var aggregation = feature.Aggregation;
        var scale = column.Plan.Scale;
        return aggregation switch
        {
            Aggregation.Count => Of(_totals.Values),
            Aggregation.Sum => new(Exact.Sum(_totals.Sum, scale), _last.Time, false),
            Aggregation.Mean => Of(Exact.Mean(_totals.Sum, _totals.Values, scale)),
            Aggregation.StdDev => Of(_totals.Values < 2 ? double.NaN : Exact.StdDev(_totals, scale)),
            Aggregation.Min => new(ColumnValue.Of(column, _extent.Least, texts), _last.Time, false),
            Aggregation.Max => new(ColumnValue.Of(column, _extent.Greatest, texts), _last.Time, false),
            Aggregation.Distinct => Of(_counts.Count),
            Aggregation.First => new(ColumnValue.Of(column, _first.Key, texts), _first.Time, false),
            Aggregation.Last => new(ColumnValue.Of(column, _last.Key, texts), _last.Time, false),
            Aggregation.SinceLast => Of((at - _last.Time) / 1000.0),
            Aggregation.Top => new(ColumnValue.Of(column, Top(column), texts), _last.Time, false),
            Aggregation.Quantile => new(ColumnValue.Of(column, Quantile(feature), texts), _last.Time, false),
            _ => throw new InvalidOperationException($"{aggregation} is not read over a window."),
        };
    }

    private ReadValue Of(double value) => new(Value.Of(value), _last.Time, false);

    private int Start(int entity, WindowBound low)
    {
        tree.Walk.TryFirst(entity, _path);
        if (low.Depth == 0)
        {
            return low.Index;
        }

        tree.Walk.Follow(_path, low.Children);
        return low.Index;
    }

    private void Take(Leaf leaf, int index, ColumnLayout column, LabelLog log, long at, Aggregation aggregation)
    {
        var values = leaf.Column(column.Ordinal);
        var (key, missing) = (values.Key(index), values.IsMissing(index));
        if (log.Exists)
        {
            log.Recall(leaf.Time(index), leaf.Fingerprint(index), column.Ordinal, at, ref key, ref missing);
        }

        if (missing)
        {
            return;
        }

        if (aggregation == Aggregation.Quantile)
        {
            if (_totals.Values == _keys.Length)
            {
                Array.Resize(ref _keys, _keys.Length * 2);
            }

            _keys[_totals.Values] = key;
        }

        _last = new(true, leaf.Time(index), key);
        _first = _first.Exists ? _first : _last;
        _totals.Values++;
        _totals.Sum += key;
        _totals.Squares = column.IsSquared ? _totals.Squares + Wide.Square(key) : default;
        _extent = _extent.With(key);
        if (aggregation is Aggregation.Distinct or Aggregation.Top)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _)++;
        }
    }

    private long Quantile(FeaturePlan feature)
    {
        Array.Sort(_keys, 0, _totals.Values);
        return _keys[Exact.Rank(feature.QuantileBillionths, _totals.Values)];
    }

    private long Top(ColumnLayout column)
    {
        var (best, most) = (0L, 0);
        foreach (var (key, count) in _counts)
        {
            if (count > most || (count == most && ColumnValue.IsLess(column, key, best, texts)))
            {
                (best, most) = (key, count);
            }
        }

        return best;
    }
}

using Grid.Features.Plans;

namespace Grid.Features.State.Intervals;

/// <summary>
/// Counts open spans for one set of starts, ends and window of a kind. The spans of an entity are computed at the first read and then
/// updated with every event; they can be dropped at any time and are rebuilt from the timelines.
/// </summary>
internal sealed class SpanStates
{
    private readonly Dictionary<int, IntervalIndex> _all = [];
    private readonly TreePath _path = new();
    private readonly SpanPlan _plan;
    private readonly SpanEnd[] _ends;
    private readonly SpanEnd _starts;
    private readonly TimelineTree[] _trees;
    private readonly long _window;
    private readonly long _kept;

    /// <exception cref="ArgumentException">A column does not store the value that matches starts with ends.</exception>
    public SpanStates(FeaturePlan feature, TimelineTree[] trees)
    {
        _plan = feature.Span ?? throw new ArgumentException($"The feature '{feature.FullName}' cannot be read: it says not what is open.", nameof(feature));
        (_trees, _window) = (trees, feature.WindowMilliseconds);
        (_starts, _ends) = (new(feature.Timeline, feature.Column), [.. _plan.Ends]);
        foreach (var (timeline, column) in _ends.Prepend(_starts))
        {
            if (column < 0 || trees[timeline].Layout.Columns[column].Plan.Storage != ColumnStorage.Hash)
            {
                throw new ArgumentException($"The feature '{feature.FullName}' cannot be read: {feature.Aggregation} needs columns of hashes.", nameof(feature));
            }
        }

        // Events at or before the horizon are never read, nor are starts whose end may already be dropped.
        _kept = Math.Min(trees[_starts.Timeline].Layout.Retention, _ends.Min(end => trees[end.Timeline].Layout.Retention) - _plan.SlackMilliseconds);
    }

    /// <summary>Whether another feature counts the same spans, with any delay.</summary>
    public bool Serves(FeaturePlan feature) =>
        feature.Span is { } other && _starts == new SpanEnd(feature.Timeline, feature.Column) && _window == feature.WindowMilliseconds
        && _plan.SlackMilliseconds == other.SlackMilliseconds && _ends.SequenceEqual(other.Ends);

    /// <summary>Updates the spans with an applied event.</summary>
    public void Applied(int entity, int timeline, Row row)
    {
        if (_all.TryGetValue(entity, out var spans))
        {
            Take(spans, timeline, row);
        }
    }

    public void Drop(int entity) => _all.Remove(entity);

    public ReadValue Read(FeaturePlan feature, Value empty, int entity, long at, long newest)
    {
        var horizon = Math.Max(-1, newest - _kept);
        var end = at - feature.DelayMilliseconds;
        var isWhole = _window == FeaturePlan.WholeHistory;
        var from = isWhole ? horizon : Math.Max(horizon, end - _window);
        var isApproximate = isWhole ? Forgot(entity, horizon) : Math.Max(-1, end - _window) < horizon;
        var spans = Make(entity, horizon);
        var latest = spans.LatestStart(end);
        return latest <= from
            ? new(empty, ReadValue.Nothing, isApproximate)
            : new(Value.Of(spans.OpenAt(end)), latest, isApproximate);
    }

    private IntervalIndex Make(int entity, long horizon)
    {
        if (!_all.TryGetValue(entity, out var spans))
        {
            spans = new(_window, _plan.SlackMilliseconds);
            spans.Forget(horizon);
            foreach (var timeline in _ends.Select(end => end.Timeline).Append(_starts.Timeline).Distinct())
            {
                Load(spans, entity, timeline);
            }

            _all.Add(entity, spans);
        }

        spans.Forget(horizon);
        return spans;
    }

    private void Load(IntervalIndex spans, int entity, int timeline)
    {
        var (walk, row) = (_trees[timeline].Walk, new Row(_trees[timeline].Layout.Columns.Length));
        for (var more = walk.TryFirst(entity, _path); more; more = walk.StepOn(_path))
        {
            var leaf = walk.LeafOf(_path);
            for (var i = 0; i < leaf.Count; i++)
            {
                (row.Time, row.Fingerprint) = (leaf.Time(i), leaf.Fingerprint(i));
                for (var column = 0; column < row.Keys.Length; column++)
                {
                    var values = leaf.Column(column);
                    (row.Keys[column], row.Missing[column]) = (values.Key(i), values.IsMissing(i));
                }

                Take(spans, timeline, row);
            }
        }
    }

    private void Take(IntervalIndex spans, int timeline, Row row)
    {
        if (timeline == _starts.Timeline && !row.Missing[_starts.Column])
        {
            spans.AddStart(row.Keys[_starts.Column], row.Time, row.Fingerprint);
        }

        foreach (var end in _ends)
        {
            if (timeline == end.Timeline && !row.Missing[end.Column])
            {
                // A state ends where the next of its kind begins; any other end closes everything that began by then.
                spans.AddEnd(row.Keys[end.Column], row.Time, timeline == _starts.Timeline ? row.Fingerprint : SpanPoint.Last);
            }
        }
    }

    private bool Forgot(int entity, long horizon)
    {
        var walk = _trees[_starts.Timeline].Walk;
        return walk.RecordOf(entity).Forgot(_starts.Timeline) || (walk.TryFirst(entity, _path) && walk.LeafOf(_path).Time(0) <= horizon);
    }
}

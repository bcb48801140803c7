using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// Computes values measured from an earlier event: when the event is inserted, or when the earlier event is inserted later. The result
/// depends only on which events are stored, not on their order of arrival.
/// </summary>
internal sealed class SinceFiller
{
    private readonly TreePath _path = new();
    private readonly List<(long Time, uint Fingerprint)> _found = [];
    private readonly TimelineTree[] _trees;
    private readonly (int Timeline, ColumnLayout Column)[] _columns;

    /// <exception cref="ArgumentException">The retention of the events measured from is too short.</exception>
    public SinceFiller(KindPlan kind, TimelineTree[] trees)
    {
        _trees = trees;
        _columns =
        [
            .. trees.SelectMany((tree, timeline) => tree.Layout.Columns.Where(column => column.Plan.Since is not null).Select(column => (timeline, column))),
        ];
        foreach (var (timeline, column) in _columns)
        {
            var since = column.Plan.Since!;
            if (since.Starts.Timeline == timeline || trees[since.Starts.Timeline].Layout.Retention < trees[timeline].Layout.Retention + since.WithinMilliseconds)
            {
                throw new ArgumentException(
                    $"The column {column.Ordinal} of {trees[timeline].Layout.Plan.Event.Name} of {kind.Name} cannot be measured: "
                    + "what it is measured from must be another event that is kept longer.", nameof(kind));
            }
        }
    }

    /// <summary>Fills in the row of an event before it is inserted.</summary>
    public void Fill(int entity, int timeline, Row row)
    {
        foreach (var (own, column) in _columns)
        {
            if (own == timeline && (column.Gate < 0 || !row.Missing[column.Gate]) && !row.Missing[column.Plan.Since!.KeyColumn])
            {
                var start = StartOf(entity, column.Plan.Since, row.Time, row.Keys[column.Plan.Since.KeyColumn]);
                (row.Keys[column.Ordinal], row.Missing[column.Ordinal]) = start < 0 ? (0, true) : (Weighed(column, row.Time - start, row.Time), false);
            }
        }
    }

    /// <summary>Updates the events that are measured from one that was just inserted.</summary>
    public void Started(int entity, int timeline, Row start, AggregateCaches[] derived)
    {
        foreach (var (own, column) in _columns)
        {
            var since = column.Plan.Since!;
            if (since.Starts.Timeline != timeline || start.Missing[since.Starts.Column])
            {
                continue;
            }

            FindEnds(entity, own, since, start.Time, start.Keys[since.Starts.Column]);
            foreach (var (time, print) in _found)
            {
                Set(entity, own, column, time, print, derived);
            }
        }
    }

    private void Set(int entity, int timeline, ColumnLayout column, long time, uint print, AggregateCaches[] derived)
    {
        var tree = _trees[timeline];
        tree.TryFind(entity, time, print, _path, out var index);
        var leaf = tree.Walk.LeafOf(_path);
        if (column.Gate >= 0 && leaf.Column(column.Gate).IsMissing(index))
        {
            return;
        }

        var key = time - StartOf(entity, column.Plan.Since!, time, leaf.Column(column.Plan.Since!.KeyColumn).Key(index));
        tree.TryFind(entity, time, print, _path, out index);
        tree.Set(_path, index, column, Weighed(column, key, time), false);
        derived[timeline].Find(entity)?.Amended(column);
    }

    private static long Weighed(ColumnLayout column, long key, long time) => column.Plan.Decay?.Weigh(key, time) ?? key;

    // The time of the latest start at or before a time; -1 if there is none.
    private long StartOf(int entity, SinceColumn since, long time, long key)
    {
        var walk = _trees[since.Starts.Timeline].Walk;
        if (!walk.TryDescend(entity, time, uint.MaxValue, _path))
        {
            return -1;
        }

        do
        {
            var leaf = walk.LeafOf(_path);
            var keys = leaf.Column(since.Starts.Column);
            for (var i = leaf.UpTo(time) - 1; i >= 0; i--)
            {
                if (leaf.Time(i) <= time - since.WithinMilliseconds)
                {
                    return -1;
                }

                if (keys.Key(i) == key && !keys.IsMissing(i))
                {
                    return leaf.Time(i);
                }
            }
        }
        while (walk.StepBack(_path));

        return -1;
    }

    private void FindEnds(int entity, int timeline, SinceColumn since, long time, long key)
    {
        _found.Clear();
        var walk = _trees[timeline].Walk;
        for (var more = walk.TryDescend(entity, time - 1, uint.MaxValue, _path); more; more = walk.StepOn(_path))
        {
            var leaf = walk.LeafOf(_path);
            var keys = leaf.Column(since.KeyColumn);
            for (var i = leaf.UpTo(time - 1); i < leaf.Count; i++)
            {
                if (leaf.Time(i) >= time + since.WithinMilliseconds)
                {
                    return;
                }

                if (keys.Key(i) == key && !keys.IsMissing(i))
                {
                    _found.Add((leaf.Time(i), leaf.Fingerprint(i)));
                }
            }
        }
    }
}

using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// The ordered events of one timeline: a tree whose leaves hold up to 128 events and whose nodes hold, per child, the totals before it. The
/// object is shared by all entities of a kind and holds no state of any. Events are ordered by time, then by the fingerprint of their ids,
/// then by their values, so that the order is independent of arrival.
/// </summary>
internal sealed unsafe class TimelineTree
{
    // Longer timelines use a fingerprint filter.
    private const int FewLeaves = 4;

    private readonly TreePath _path = new();
    private readonly int _timeline;
    private readonly TextTable _texts;
    private readonly LeafBuffer _buffer;
    private readonly LeafPieces _leaves;
    private readonly TreeTotals _totals;
    private readonly TreeShape _shape;

    public TimelineTree(Arena arena, KindLayout kind, int timeline, TextTable texts)
    {
        (_timeline, _texts) = (timeline, texts);
        Layout = kind.Timelines[timeline];
        Walk = new(arena, kind, timeline);
        _leaves = new(arena, Walk, kind, timeline);
        _totals = new(Walk, _leaves, Layout);
        _shape = new(arena, Walk, _leaves, _totals, Layout, timeline);
        _buffer = new(Layout);
    }

    public TimelineLayout Layout { get; }

    public TreeWalk Walk { get; }

    /// <summary>The time of the newest event, in Unix milliseconds; -1 if there is none.</summary>
    public long Newest(int entity)
    {
        var record = Walk.RecordOf(entity);
        var root = record.Root(_timeline);
        if (root == 0)
        {
            return -1;
        }

        var leaf = root == entity ? new Leaf(record.Piece + record.HeadBytes, Layout) : Walk.LastLeaf(root);
        return leaf.Time(leaf.Count - 1);
    }

    /// <summary>Inserts an event in order.</summary>
    public void Insert(int entity, Row row)
    {
        while (!TryInsert(entity, row))
        {
        }
    }

    /// <summary>Appends the events of a buffer as a new leaf. All must sort after the existing events.</summary>
    public void Append(int entity, LeafBuffer events)
    {
        if (!Walk.TryLast(entity, _path))
        {
            _leaves.Plant(entity, events);
            return;
        }

        while (_path.Depth == 0 || _shape.MakeRoom(entity, _path, atEnd: true))
        {
            if (_path.Depth == 0)
            {
                _shape.Raise(entity);
            }

            Walk.TryLast(entity, _path);
        }

        _shape.AddLeafAfter(_path, events);
    }

    /// <summary>Finds an event by time and fingerprint of its id.</summary>
    public bool TryFind(int entity, long time, uint print, TreePath path, out int index)
    {
        index = -1;
        if (!Walk.TryDescend(entity, time, print, path))
        {
            return false;
        }

        do
        {
            var leaf = Walk.LeafOf(path);
            for (index = leaf.UpTo(time) - 1; index >= 0 && leaf.Time(index) == time; index--)
            {
                if (leaf.Fingerprint(index) == print)
                {
                    return true;
                }
            }
        }
        while (index < 0 && Walk.StepBack(path));

        return false;
    }

    /// <summary>Changes one value of an event found by <see cref="TryFind"/>, and all totals that include it.</summary>
    public void Set(TreePath path, int index, ColumnLayout column, long key, bool missing)
    {
        var leaf = Walk.LeafOf(path);
        var values = leaf.Column(column.Ordinal);
        var change = values.TotalsOf(index, index + 1, column);
        if (!LeafEdit.TrySet(leaf, column.Ordinal, index, key, missing))
        {
            _buffer.Load(leaf);
            _buffer.Set(index, column.Ordinal, key, missing);
            leaf = _leaves.Repack(path, _buffer);
        }

        change = leaf.Column(column.Ordinal).TotalsOf(index, index + 1, column) - change;
        _totals.Amended(path, column, change);
    }

    /// <summary>
    /// Drops whole leaves (or a sizeable part of a single leaf) at or before a time. Remaining events at or before it are never read.
    /// </summary>
    /// <param name="entity">The entity.</param>
    /// <param name="horizon">The time.</param>
    /// <param name="forgotten">Called before events are dropped: the first events of a leaf, up to but excluding the given index.</param>
    public void Trim(int entity, long horizon, LeafLeaves forgotten)
    {
        while (Walk.TryFirst(entity, _path))
        {
            var leaf = Walk.LeafOf(_path);
            var expired = leaf.UpTo(horizon);
            if (expired == leaf.Count)
            {
                forgotten(entity, _timeline, leaf, expired);
                _shape.RemoveFirstLeaf(entity, _path);
                continue;
            }

            if (_path.Depth == 0 && expired > 0 && (leaf.Count == leaf.Capacity || expired * 2 > leaf.Count))
            {
                forgotten(entity, _timeline, leaf, expired);
                leaf = Walk.LeafOf(_path);
                LeafEdit.DropFirst(leaf, expired);
                if (leaf.Count * 2 < leaf.Capacity)
                {
                    _buffer.Load(leaf);
                    _leaves.Repack(_path, _buffer);
                }

                Walk.RecordOf(entity).SetForgot(_timeline);
            }

            return;
        }
    }

    /// <summary>Whether an event has the fingerprint; null if the timeline is too long to scan.</summary>
    public bool? MayHold(int entity, uint print)
    {
        if (!Walk.TryLast(entity, _path))
        {
            return false;
        }

        for (var leaves = 0; leaves < FewLeaves; leaves++)
        {
            var leaf = Walk.LeafOf(_path);
            if (new ReadOnlySpan<uint>(leaf.Fingerprints, leaf.Count).Contains(print))
            {
                return true;
            }

            if (!Walk.StepBack(_path))
            {
                return false;
            }
        }

        return null;
    }

    /// <summary>Builds a filter over all fingerprints; reuses the old one if it is large enough.</summary>
    public FingerprintFilter MakeFilter(int entity, FingerprintFilter? old)
    {
        var events = 0;
        for (var more = Walk.TryFirst(entity, _path); more; more = Walk.StepOn(_path))
        {
            events += Walk.LeafOf(_path).Count;
        }

        var filter = old;
        if (filter is not null && filter.Fits(events))
        {
            filter.Clear();
        }
        else
        {
            filter?.Dispose();
            filter = new(events);
        }

        for (var more = Walk.TryFirst(entity, _path); more; more = Walk.StepOn(_path))
        {
            foreach (var print in new ReadOnlySpan<uint>(Walk.LeafOf(_path).Fingerprints, Walk.LeafOf(_path).Count))
            {
                filter.Add(print);
            }
        }

        return filter;
    }

    /// <summary>Removes all events.</summary>
    public void Clear(int entity) => _shape.Clear(entity);

    private bool TryInsert(int entity, Row row)
    {
        if (!Walk.TryDescend(entity, row.Time, row.Fingerprint, _path))
        {
            _buffer.Clear();
            _buffer.Insert(0, row);
            _leaves.Plant(entity, _buffer);
            return true;
        }

        var leaf = Walk.LeafOf(_path);
        var index = PlaceOf(leaf, row);
        while (index == 0 && Walk.StepBack(_path))
        {
            leaf = Walk.LeafOf(_path);
            index = PlaceOf(leaf, row);
        }

        if (leaf.Count == Leaf.Most)
        {
            return MakeRoom(entity, row, index);
        }

        if (leaf.Count == leaf.Capacity)
        {
            leaf = _leaves.Widen(_path);
        }

        if (!LeafEdit.TryInsert(leaf, index, row))
        {
            _buffer.Load(leaf);
            _buffer.Insert(index, row);
            _leaves.Repack(_path, _buffer);
        }

        _totals.Inserted(_path, index, row);
        return true;
    }

    // Returns true if the row was already inserted: in a new leaf at the end.
    private bool MakeRoom(int entity, Row row, int index)
    {
        if (_path.Depth == 0)
        {
            _shape.Raise(entity);
            return false;
        }

        var atEnd = index == Leaf.Most && Walk.IsLast(_path);
        if (_shape.MakeRoom(entity, _path, atEnd))
        {
            return false;
        }

        if (!atEnd)
        {
            _shape.SplitLeaf(_path, _buffer);
            return false;
        }

        _buffer.Clear();
        _buffer.Insert(0, row);
        _shape.AddLeafAfter(_path, _buffer);
        return true;
    }

    private int PlaceOf(Leaf leaf, Row row)
    {
        var index = leaf.UpTo(row.Time);
        while (index > 0 && leaf.Time(index - 1) == row.Time && IsBefore(row, leaf, index - 1))
        {
            index--;
        }

        return index;
    }

    private bool IsBefore(Row row, Leaf leaf, int index)
    {
        var print = leaf.Fingerprint(index);
        if (row.Fingerprint != print)
        {
            return row.Fingerprint < print;
        }

        // Two events with the same time and id fingerprint. Values that arrive later are not part of the order.
        foreach (var column in Layout.Columns)
        {
            var held = leaf.Column(column.Ordinal);
            var order = column.Plan.ComesLater
                ? 0
                : Compare(column, row.Missing[column.Ordinal], row.Keys[column.Ordinal], held.IsMissing(index), held.Key(index));
            if (order != 0)
            {
                return order < 0;
            }
        }

        return false;
    }

    private int Compare(ColumnLayout column, bool leftMissing, long left, bool rightMissing, long right)
    {
        if (leftMissing || rightMissing)
        {
            return rightMissing.CompareTo(leftMissing);
        }

        return column.Plan.Storage == ColumnStorage.Text ? string.CompareOrdinal(_texts[left], _texts[right]) : left.CompareTo(right);
    }
}

/// <summary>Handles the imminent removal of the first events of a leaf.</summary>
internal delegate void LeafLeaves(int entity, int timeline, Leaf leaf, int events);

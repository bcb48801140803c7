namespace Grid.Features;

/// <summary>
/// The tree of a timeline as such: leaves and nodes that come, split and go, and the running totals that follow.
/// Every path, leaf and node is good until the next change.
/// </summary>
internal sealed unsafe class TreeShape(Arena arena, TreeWalk walk, KindLayout kind, int timeline)
{
    private readonly TimelineLayout _layout = kind.Timelines[timeline];
    private readonly Totals[] _totals = new Totals[kind.Timelines[timeline].Columns.Length];

    /// <summary>Makes a first leaf of what a buffer holds: behind the entity's header if that place is free.</summary>
    public void PlantLeaf(int entity, LeafBuffer events)
    {
        var record = walk.RecordOf(entity);
        if (!HasInnerLeaf(record, entity))
        {
            var head = record.HeadBytes;
            var bytes = events.Plan(head);
            var piece = arena.Resize(entity, head, head + bytes);
            events.Store(new(piece + head, _layout));
            walk.RecordOf(entity).SetRoot(timeline, entity);
            return;
        }

        var handle = NewLeaf(events);
        walk.RecordOf(entity).SetRoot(timeline, handle);
    }

    /// <summary>Packs a buffer in place of a leaf that had other events.</summary>
    public Leaf Repack(TreePath path, LeafBuffer events)
    {
        var oldBytes = path.LeafOffset + walk.LeafOf(path).Bytes;
        var bytes = path.LeafOffset + events.Plan(path.LeafOffset);
        var piece = arena.Resize(path.LeafPiece, oldBytes, bytes);
        var leaf = new Leaf(piece + path.LeafOffset, _layout);
        events.Store(leaf);
        return leaf;
    }

    /// <summary>Gives the leaf of a path room for one event more.</summary>
    public Leaf Widen(TreePath path)
    {
        var leaf = walk.LeafOf(path);
        int old = leaf.Capacity;
        var perEvent = Leaf.PrintBytes + leaf.TimeWidth;
        for (var c = 0; c < _layout.Columns.Length; c++)
        {
            perEvent += leaf.Width(c);
        }

        var bytes = leaf.Bytes;
        var once = bytes - (old * perEvent);
        var capacity = LeafRoom.For(old + 1, path.LeafOffset, once, perEvent);
        var piece = arena.Resize(path.LeafPiece, path.LeafOffset + bytes, path.LeafOffset + once + (capacity * perEvent));
        leaf = new(piece + path.LeafOffset, _layout);
        LeafEdit.Widen(leaf, capacity);
        return leaf;
    }

    /// <summary>Brings the totals up to date after an event was put into the leaf of a path.</summary>
    public void Inserted(TreePath path, int index, Row row)
    {
        var isFirst = index == 0;
        for (var level = path.Depth - 1; level >= 0; level--)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            var child = path.Children[level];
            if (isFirst)
            {
                (node.FirstTime(child), node.FirstPrint(child)) = (row.Time, row.Print);
                isFirst = child == 0;
            }

            node.CountAfter(child, 1);
            foreach (var column in _layout.Columns)
            {
                if (!row.Missing[column.Ordinal])
                {
                    Inserted(node, child, column, row.Keys[column.Ordinal]);
                }
            }
        }
    }

    /// <summary>Brings the totals up to date after a value of a column was changed in the leaf of a path.</summary>
    public void Amended(TreePath path, ColumnLayout column, in Totals change)
    {
        var extent = column.IsRanged ? ExtentOf(walk.LeafOf(path), column) : default;
        for (var level = path.Depth - 1; level >= 0; level--)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            node.AddAfter(column, path.Children[level], change);
            if (column.IsRanged)
            {
                node.Extents(column)[path.Children[level]] = extent;
                extent = ExtentOf(node, column);
            }
        }
    }

    /// <summary>Puts a node above the root.</summary>
    public void Raise(int entity)
    {
        var record = walk.RecordOf(entity);
        var root = record.Root(timeline);
        var isLeaf = walk.LevelOf(entity, root) == 0;
        root = root == entity ? MoveOut(entity) : root;
        var handle = arena.Allocate(Node.BytesFor(_layout, isLeaf ? 2 : 4));
        var node = walk.NodeOf(handle);
        (node.Count, node.Capacity, node.Level) = (1, (ushort)(isLeaf ? 2 : 4), (byte)(isLeaf ? 1 : walk.NodeOf(root).Level + 1));
        (node.Before(0), node.Child(0)) = (0, root);
        foreach (var column in _layout.Columns)
        {
            node.SetTotalsBefore(column, 0, default);
        }

        Describe(node, 0);
        walk.RecordOf(entity).SetRoot(timeline, handle);
    }

    /// <summary>Sees to it that no node on a path is full; true where something was changed for it and the path is no longer good.</summary>
    public bool MakeRoom(int entity, TreePath path, bool atEnd)
    {
        for (var level = 0; level < path.Depth; level++)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            if (node.Count < node.Capacity)
            {
                continue;
            }

            if (node.Capacity < Node.Most)
            {
                Grow(entity, path, level);
            }
            else if (level == 0)
            {
                Raise(entity);
            }
            else
            {
                SplitNode(path, level, atEnd ? node.Count - 1 : node.Count / 2);
            }

            return true;
        }

        return false;
    }

    /// <summary>Adds a leaf behind the one of a path, which is the last of all. There must be room.</summary>
    public void AddLeafAfter(TreePath path, LeafBuffer events)
    {
        var handle = NewLeaf(events);
        TotalsOf(walk.LeafOf(path));
        AddChildAfter(path, path.Depth - 1, handle, walk.LeafOf(path).Count);
    }

    /// <summary>Makes two leaves of a full one. There must be room.</summary>
    public void SplitLeaf(TreePath path, LeafBuffer buffer)
    {
        var leaf = walk.LeafOf(path);
        int count = leaf.Count;
        buffer.Load(leaf, count / 2, count);
        var handle = NewLeaf(buffer);
        buffer.Load(walk.LeafOf(path), 0, count / 2);
        leaf = Repack(path, buffer);
        TotalsOf(leaf);
        AddChildAfter(path, path.Depth - 1, handle, leaf.Count);
        Describe(walk.NodeOf(path.Nodes[path.Depth - 1]), path.Children[path.Depth - 1]);
    }

    /// <summary>Takes the first leaf away. The path must lead to it.</summary>
    public void RemoveFirstLeaf(int entity, TreePath path)
    {
        walk.RecordOf(entity).SetForgot(timeline);
        var leaf = walk.LeafOf(path);
        TotalsOf(leaf);
        for (var level = 0; level < path.Depth; level++)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            node.CountAfter(0, -leaf.Count);
            foreach (var column in _layout.Columns)
            {
                node.AddAfter(column, 0, default(Totals) - _totals[column.Ordinal]);
            }
        }

        FreeLeaf(entity, path);
        for (var level = path.Depth - 1; level >= 0; level--)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            NodeEdit.Move(node, 1, 0, node.Count - 1);
            node.Count--;
            if (node.Count > 0)
            {
                DescribeFirsts(path, level);
                break;
            }

            arena.Free(path.Nodes[level], node.Bytes);
            if (level == 0)
            {
                walk.RecordOf(entity).SetRoot(timeline, 0);
            }
        }

        Lower(entity);
    }

    /// <summary>Frees every leaf and node.</summary>
    public void Clear(int entity)
    {
        var root = walk.RecordOf(entity).Root(timeline);
        if (root == 0)
        {
            return;
        }

        if (root == entity)
        {
            var record = walk.RecordOf(entity);
            var head = record.HeadBytes;
            arena.Resize(entity, head + new Leaf(record.Piece + head, _layout).Bytes, head);
        }
        else
        {
            Free(root);
        }

        walk.RecordOf(entity).SetRoot(timeline, 0);
    }

    private bool HasInnerLeaf(EntityRecord record, int entity)
    {
        for (var i = 0; i < kind.Timelines.Length; i++)
        {
            if (record.Root(i) == entity)
            {
                return true;
            }
        }

        return false;
    }

    private static void Inserted(Node node, int child, ColumnLayout column, long key)
    {
        if (child + 1 < node.Count)
        {
            var change = default(Totals);
            change.Values = 1;
            change.Sum = key;
            change.Squares = column.IsSquared ? Wide.Square(key) : default;
            node.AddAfter(column, child, change);
        }

        if (column.IsRanged)
        {
            var extents = node.Extents(column);
            extents[child] = extents[child].With(key);
        }
    }

    private int NewLeaf(LeafBuffer events)
    {
        var bytes = TreeWalk.LeafPieceHeader + events.Plan(TreeWalk.LeafPieceHeader);
        var handle = arena.Allocate(bytes);
        var piece = arena[handle];
        piece[Arena.Reserved] = 0;
        events.Store(new(piece + TreeWalk.LeafPieceHeader, _layout));
        return handle;
    }

    // The leaf behind the header moves into a piece of its own.
    private int MoveOut(int entity)
    {
        var record = walk.RecordOf(entity);
        var head = record.HeadBytes;
        var bytes = new Leaf(record.Piece + head, _layout).Bytes;
        var handle = arena.Allocate(TreeWalk.LeafPieceHeader + bytes);
        var piece = arena[handle];
        piece[Arena.Reserved] = 0;
        Buffer.MemoryCopy(arena[entity] + head, piece + TreeWalk.LeafPieceHeader, bytes, bytes);
        arena.Resize(entity, head + bytes, head);
        return handle;
    }

    private void Grow(int entity, TreePath path, int level)
    {
        var old = path.Nodes[level];
        var capacity = Math.Min(Node.Most, walk.NodeOf(old).Capacity * 2);
        var handle = CopyOf(walk.NodeOf(old), 0, capacity);
        arena.Free(old, walk.NodeOf(old).Bytes);
        if (level == 0)
        {
            walk.RecordOf(entity).SetRoot(timeline, handle);
        }
        else
        {
            walk.NodeOf(path.Nodes[level - 1]).Child(path.Children[level - 1]) = handle;
        }
    }

    private int CopyOf(Node node, int from, int capacity)
    {
        var handle = arena.Allocate(Node.BytesFor(_layout, capacity));
        var copy = walk.NodeOf(handle);
        (copy.Count, copy.Capacity, copy.Level) = ((ushort)(node.Count - from), (ushort)capacity, node.Level);
        NodeEdit.Copy(node, from, copy, 0, node.Count - from);
        return handle;
    }

    private void SplitNode(TreePath path, int level, int at)
    {
        var node = walk.NodeOf(path.Nodes[level]);
        var handle = CopyOf(node, at, Node.Most);
        node.Count = (ushort)at;
        var right = walk.NodeOf(handle);
        foreach (var column in _layout.Columns)
        {
            _totals[column.Ordinal] = right.TotalsBefore(column, 0);
        }

        var events = right.Before(0);
        NodeEdit.Rebase(right);
        AddChildAfter(path, level - 1, handle, events);
        Describe(walk.NodeOf(path.Nodes[level - 1]), path.Children[level - 1]);
    }

    // Behind the child of the path at a level; events and _totals are of what that child keeps.
    private void AddChildAfter(TreePath path, int level, int handle, int events)
    {
        var node = walk.NodeOf(path.Nodes[level]);
        var child = path.Children[level];
        NodeEdit.Move(node, child + 1, child + 2, node.Count - child - 1);
        node.Count++;
        node.Child(child + 1) = handle;
        node.Before(child + 1) = node.Before(child) + events;
        foreach (var column in _layout.Columns)
        {
            node.SetTotalsBefore(column, child + 1, node.TotalsBefore(column, child) + _totals[column.Ordinal]);
        }

        Describe(node, child + 1);
        WidenAbove(path, level);
    }

    // A leaf added at the end brings values that the extremes above its node do not know of yet.
    private void WidenAbove(TreePath path, int level)
    {
        for (; level > 0; level--)
        {
            foreach (var column in _layout.Columns)
            {
                if (column.IsRanged)
                {
                    walk.NodeOf(path.Nodes[level - 1]).Extents(column)[path.Children[level - 1]] = ExtentOf(walk.NodeOf(path.Nodes[level]), column);
                }
            }
        }
    }

    // The first event and the extremes of a child.
    private void Describe(Node node, int child)
    {
        var handle = node.Child(child);
        if (node.Level == 1)
        {
            var leaf = new Leaf(arena[handle] + TreeWalk.LeafPieceHeader, _layout);
            (node.FirstTime(child), node.FirstPrint(child)) = (leaf.Time(0), leaf.Print(0));
            foreach (var column in _layout.Columns)
            {
                if (column.IsRanged)
                {
                    node.Extents(column)[child] = ExtentOf(leaf, column);
                }
            }

            return;
        }

        var below = walk.NodeOf(handle);
        (node.FirstTime(child), node.FirstPrint(child)) = (below.FirstTime(0), below.FirstPrint(0));
        foreach (var column in _layout.Columns)
        {
            if (column.IsRanged)
            {
                node.Extents(column)[child] = ExtentOf(below, column);
            }
        }
    }

    private void DescribeFirsts(TreePath path, int level)
    {
        for (; level > 0; level--)
        {
            Describe(walk.NodeOf(path.Nodes[level - 1]), 0);
        }
    }

    private static Extent ExtentOf(Leaf leaf, ColumnLayout column) => leaf.Column(column.Ordinal).ExtentOf(0, leaf.Count);

    private static Extent ExtentOf(Node node, ColumnLayout column)
    {
        var extent = Extent.None;
        for (var i = 0; i < node.Count; i++)
        {
            extent = extent.With(node.Extents(column)[i]);
        }

        return extent;
    }

    private void TotalsOf(Leaf leaf)
    {
        foreach (var column in _layout.Columns)
        {
            _totals[column.Ordinal] = leaf.Column(column.Ordinal).TotalsOf(0, leaf.Count, column);
        }
    }

    private void FreeLeaf(int entity, TreePath path)
    {
        var bytes = path.LeafOffset + walk.LeafOf(path).Bytes;
        if (path.LeafPiece == entity)
        {
            arena.Resize(entity, bytes, path.LeafOffset);
        }
        else
        {
            arena.Free(path.LeafPiece, bytes);
        }

        if (path.Depth == 0)
        {
            walk.RecordOf(entity).SetRoot(timeline, 0);
        }
    }

    // A root with one child is not needed.
    private void Lower(int entity)
    {
        for (var root = walk.RecordOf(entity).Root(timeline); root != 0 && walk.LevelOf(entity, root) > 0; root = walk.RecordOf(entity).Root(timeline))
        {
            var node = walk.NodeOf(root);
            if (node.Count > 1)
            {
                return;
            }

            walk.RecordOf(entity).SetRoot(timeline, node.Child(0));
            arena.Free(root, node.Bytes);
        }
    }

    private void Free(int handle)
    {
        if (arena[handle][Arena.Reserved] == 0)
        {
            arena.Free(handle, TreeWalk.LeafPieceHeader + new Leaf(arena[handle] + TreeWalk.LeafPieceHeader, _layout).Bytes);
            return;
        }

        for (var i = 0; i < walk.NodeOf(handle).Count; i++)
        {
            Free(walk.NodeOf(handle).Child(i));
        }

        arena.Free(handle, walk.NodeOf(handle).Bytes);
    }
}

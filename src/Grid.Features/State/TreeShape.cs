namespace Grid.Features.State;

/// <summary>
/// Adds, splits and removes leaves and nodes of a timeline's tree. Paths, leaves and nodes are valid until the next change.
/// </summary>
internal sealed class TreeShape(Arena arena, TreeWalk walk, LeafPieces leaves, TreeTotals totals, TimelineLayout layout, int timeline)
{
    private readonly Totals[] _totals = new Totals[layout.Columns.Length];

    /// <summary>Adds a node above the root.</summary>
    public void Raise(int entity)
    {
        var record = walk.RecordOf(entity);
        var root = record.Root(timeline);
        var isLeaf = walk.LevelOf(entity, root) == 0;
        root = root == entity ? leaves.MoveOut(entity) : root;
        var handle = arena.Allocate(Node.BytesFor(layout, isLeaf ? 2 : 4));
        var node = walk.NodeOf(handle);
        (node.Count, node.Capacity, node.Level) = (1, (ushort)(isLeaf ? 2 : 4), (byte)(isLeaf ? 1 : walk.NodeOf(root).Level + 1));
        (node.Before(0), node.Child(0)) = (0, root);
        foreach (var column in layout.Columns)
        {
            node.SetTotalsBefore(column, 0, default);
        }

        totals.Describe(node, 0);
        walk.RecordOf(entity).SetRoot(timeline, handle);
    }

    /// <summary>Makes room in the first full node on a path; true if the tree was changed and the path is no longer valid.</summary>
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

    /// <summary>Adds a leaf after the last one, to which the path leads. Requires room in the parent.</summary>
    public void AddLeafAfter(TreePath path, LeafBuffer events)
    {
        var handle = leaves.Make(events);
        totals.SumUp(walk.LeafOf(path), _totals);
        AddChildAfter(path, path.Depth - 1, handle, walk.LeafOf(path).Count);
    }

    /// <summary>Splits a full leaf. Requires room in the parent.</summary>
    public void SplitLeaf(TreePath path, LeafBuffer buffer)
    {
        var leaf = walk.LeafOf(path);
        int count = leaf.Count;
        buffer.Load(leaf, count / 2, count);
        var handle = leaves.Make(buffer);
        buffer.Load(walk.LeafOf(path), 0, count / 2);
        leaf = leaves.Repack(path, buffer);
        totals.SumUp(leaf, _totals);
        AddChildAfter(path, path.Depth - 1, handle, leaf.Count);
        totals.Describe(walk.NodeOf(path.Nodes[path.Depth - 1]), path.Children[path.Depth - 1]);
    }

    /// <summary>Removes the first leaf, to which the path must lead.</summary>
    public void RemoveFirstLeaf(int entity, TreePath path)
    {
        walk.RecordOf(entity).SetForgot(timeline);
        var leaf = walk.LeafOf(path);
        totals.SumUp(leaf, _totals);
        totals.FirstLeaves(path, leaf.Count, _totals);
        leaves.Free(entity, path);
        for (var level = path.Depth - 1; level >= 0; level--)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            NodeEdit.Move(node, 1, 0, node.Count - 1);
            node.Count--;
            if (node.Count > 0)
            {
                totals.DescribeFirsts(path, level);
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

    /// <summary>Frees all leaves and nodes.</summary>
    public void Clear(int entity)
    {
        var root = walk.RecordOf(entity).Root(timeline);
        if (root == 0)
        {
            return;
        }

        if (root == entity)
        {
            leaves.FreeInner(entity);
        }
        else
        {
            Free(root);
        }

        walk.RecordOf(entity).SetRoot(timeline, 0);
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
        var handle = arena.Allocate(Node.BytesFor(layout, capacity));
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
        foreach (var column in layout.Columns)
        {
            _totals[column.Ordinal] = right.TotalsBefore(column, 0);
        }

        var events = right.Before(0);
        NodeEdit.Rebase(right);
        AddChildAfter(path, level - 1, handle, events);
        totals.Describe(walk.NodeOf(path.Nodes[level - 1]), path.Children[level - 1]);
    }

    // Adds a child after the path's child at a level; events and _totals describe that existing child.
    private void AddChildAfter(TreePath path, int level, int handle, int events)
    {
        var node = walk.NodeOf(path.Nodes[level]);
        var child = path.Children[level];
        NodeEdit.Move(node, child + 1, child + 2, node.Count - child - 1);
        node.Count++;
        node.Child(child + 1) = handle;
        node.Before(child + 1) = node.Before(child) + events;
        foreach (var column in layout.Columns)
        {
            node.SetTotalsBefore(column, child + 1, node.TotalsBefore(column, child) + _totals[column.Ordinal]);
        }

        totals.Describe(node, child + 1);
    }

    // Removes roots that have a single child.
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
        if (walk.IsLeaf(handle))
        {
            leaves.Free(handle);
            return;
        }

        for (var i = 0; i < walk.NodeOf(handle).Count; i++)
        {
            Free(walk.NodeOf(handle).Child(i));
        }

        arena.Free(handle, walk.NodeOf(handle).Bytes);
    }
}

namespace Grid.Features.State;

/// <summary>Maintains the aggregates in the nodes of a timeline's tree: running totals, first events, minima and maxima.</summary>
internal sealed unsafe class TreeTotals(TreeWalk walk, LeafPieces leaves, TimelineLayout layout)
{
    /// <summary>Updates the totals after an event was inserted into the leaf of a path.</summary>
    public void Inserted(TreePath path, int index, Row row)
    {
        var isFirst = index == 0;
        for (var level = path.Depth - 1; level >= 0; level--)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            var child = path.Children[level];
            if (isFirst)
            {
                (node.FirstTime(child), node.FirstFingerprint(child)) = (row.Time, row.Fingerprint);
                isFirst = child == 0;
            }

            node.CountAfter(child, 1);
            foreach (var column in layout.Columns)
            {
                if (!row.Missing[column.Ordinal])
                {
                    Inserted(node, child, column, row.Keys[column.Ordinal]);
                }
            }
        }
    }

    /// <summary>Updates the totals after a value of a column changed in the leaf of a path.</summary>
    public void Amended(TreePath path, ColumnLayout column, in Totals change)
    {
        var extent = column.IsRanged ? MinMaxOf(walk.LeafOf(path), column) : default;
        for (var level = path.Depth - 1; level >= 0; level--)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            node.AddAfter(column, path.Children[level], change);
            if (column.IsRanged)
            {
                node.MinMaxes(column)[path.Children[level]] = extent;
                extent = MinMaxOf(node, column);
            }
        }
    }

    /// <summary>Subtracts the first leaf from the running totals before it is removed. The path must lead to it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="events">The leaf's events.</param>
    /// <param name="totals">The leaf's totals.</param>
    public void FirstLeaves(TreePath path, int events, Totals[] totals)
    {
        for (var level = 0; level < path.Depth; level++)
        {
            var node = walk.NodeOf(path.Nodes[level]);
            node.CountAfter(0, -events);
            foreach (var column in layout.Columns)
            {
                node.AddAfter(column, 0, default(Totals) - totals[column.Ordinal]);
            }
        }
    }

    /// <summary>Updates the first child's entry in every node above a level.</summary>
    public void DescribeFirsts(TreePath path, int level)
    {
        for (; level > 0; level--)
        {
            Describe(walk.NodeOf(path.Nodes[level - 1]), 0);
        }
    }

    /// <summary>
    /// Updates the first event, minimum and maximum of a child. On the path to the last leaf, a node's minimum and maximum of its last
    /// child may lag behind appended leaves. They are not read: minima and maxima are read strictly between two bounds, and a split updates
    /// them before another child follows.
    /// </summary>
    public void Describe(Node node, int child)
    {
        var handle = node.Child(child);
        if (node.Level == 1)
        {
            var leaf = leaves.Of(handle);
            (node.FirstTime(child), node.FirstFingerprint(child)) = (leaf.Time(0), leaf.Fingerprint(0));
            foreach (var column in layout.Columns)
            {
                if (column.IsRanged)
                {
                    node.MinMaxes(column)[child] = MinMaxOf(leaf, column);
                }
            }

            return;
        }

        var below = walk.NodeOf(handle);
        (node.FirstTime(child), node.FirstFingerprint(child)) = (below.FirstTime(0), below.FirstFingerprint(0));
        foreach (var column in layout.Columns)
        {
            if (column.IsRanged)
            {
                node.MinMaxes(column)[child] = MinMaxOf(below, column);
            }
        }
    }

    /// <summary>Computes the totals of a leaf, per column.</summary>
    public void SumUp(Leaf leaf, Totals[] totals)
    {
        foreach (var column in layout.Columns)
        {
            totals[column.Ordinal] = leaf.Column(column.Ordinal).TotalsOf(0, leaf.Count, column);
        }
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
            var extents = node.MinMaxes(column);
            extents[child] = extents[child].With(key);
        }
    }

    private static MinMax MinMaxOf(Leaf leaf, ColumnLayout column) => leaf.Column(column.Ordinal).MinMaxOf(0, leaf.Count);

    private static MinMax MinMaxOf(Node node, ColumnLayout column)
    {
        var extent = MinMax.None;
        for (var i = 0; i < node.Count; i++)
        {
            extent = extent.With(node.MinMaxes(column)[i]);
        }

        return extent;
    }
}

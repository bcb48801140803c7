namespace Grid.Features.State;

/// <summary>
/// The position of a window bound in a timeline: the leaf, the number of events before it, and the totals of each column before it,
/// computed on demand.
/// </summary>
internal sealed unsafe class WindowBound(TimelineLayout layout)
{
    private readonly int[] _values = new int[layout.Columns.Length];
    private readonly Int128[] _sums = new Int128[layout.Columns.Length];
    private readonly bool[] _known = new bool[layout.Columns.Length];
    private readonly Found[] _latest = new Found[layout.Columns.Length];
    private byte* _leaf;

    /// <summary>The nodes above the leaf, from the root down; <see cref="Children"/> are the child indexes of the bound.</summary>
    public nint[] Nodes { get; } = new nint[TreePath.MostLevels];

    public int[] Children { get; } = new int[TreePath.MostLevels];

    public int Depth { get; private set; }

    /// <summary>The number of events at or before the bound.</summary>
    public int Events { get; private set; }

    /// <summary>The number of these events in the bound's own leaf.</summary>
    public int Index { get; private set; }

    public Leaf Leaf => new(_leaf, layout);

    /// <summary>The number of the read that the bound was found for.</summary>
    public long Reading { get; set; }

    public Node NodeAt(int level) => new((byte*)Nodes[level], layout);

    /// <summary>Positions the bound after the last event at or before a time, below a root node or in a leaf.</summary>
    public void Find(Arena arena, byte* root, bool isLeaf, long time)
    {
        for (var i = 0; i < _known.Length; i++)
        {
            _known[i] = false;
            _latest[i] = default;
        }

        (Depth, Events) = (0, 0);
        while (!isLeaf)
        {
            var node = new Node(root, layout);
            var child = node.ChildAt(time);
            (Nodes[Depth], Children[Depth]) = ((nint)root, child);
            Depth++;
            Events += node.Before(child);
            root = arena[node.Child(child)];
            isLeaf = node.Level == 1;
        }

        _leaf = Depth > 0 ? root + TreeWalk.LeafPieceHeader : root;
        Index = Leaf.UpTo(time);
        Events += Index;
    }

    public void FindNothing()
    {
        (Depth, Events, Index) = (0, 0, 0);
        _leaf = null;
    }

    /// <summary>The latest event at or before the bound that has a value in a column. Requires that there is one.</summary>
    public ref readonly Found Latest(Arena arena, ColumnLayout column)
    {
        ref var found = ref _latest[column.Ordinal];
        if (!found.Exists)
        {
            found = WindowBoundSearch.Latest(arena, this, column);
        }

        return ref found;
    }

    /// <summary>The number of events at or before the bound that have a value in a column.</summary>
    public int Values(ColumnLayout column)
    {
        if (!_known[column.Ordinal])
        {
            Know(column);
        }

        return _values[column.Ordinal];
    }

    /// <summary>The sum of a column over all events at or before the bound. Requires an earlier call of <see cref="Values"/>.</summary>
    public Int128 Sum(ColumnLayout column) => _sums[column.Ordinal];

    /// <summary>All totals of a column.</summary>
    public Totals Before(ColumnLayout column)
    {
        var totals = Leaf.Column(column.Ordinal).TotalsOf(0, Index, column);
        for (var level = 0; level < Depth; level++)
        {
            NodeAt(level).AddBefore(column, Children[level], ref totals);
        }

        return totals;
    }

    private void Know(ColumnLayout column)
    {
        _known[column.Ordinal] = true;
        var packed = Leaf.Column(column.Ordinal);
        var values = packed.Values(0, Index);
        var sum = column.IsSummed ? packed.Sum(0, Index, values) : default;
        for (var level = 0; level < Depth; level++)
        {
            var (node, child) = (NodeAt(level), Children[level]);
            values += node.ValuesBefore(column)[child];
            sum = column.IsSummed ? sum + node.SumsBefore(column)[child] : default;
        }

        (_values[column.Ordinal], _sums[column.Ordinal]) = (values, sum);
    }
}

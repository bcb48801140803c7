namespace Grid.Features.State;

/// <summary>Searches from a window bound: the nearest event with a value, and the minimum and maximum between two bounds.</summary>
internal static unsafe class WindowBoundSearch
{
    /// <summary>The latest event before a bound that has a value in a column. Requires that there is one.</summary>
    public static Found Latest(Arena arena, WindowBound bound, ColumnLayout column)
    {
        var leaf = bound.Leaf;
        var index = leaf.HasMissing(column.Ordinal) ? LastPresent(leaf, column, bound.Index) : bound.Index - 1;
        if (index >= 0)
        {
            return Found.In(bound.Leaf, index, column);
        }

        for (var level = bound.Depth - 1; level >= 0; level--)
        {
            var node = bound.NodeAt(level);
            var values = node.ValuesBefore(column, bound.Children[level]);
            if (values > 0)
            {
                return LatestBelow(arena, node, column, values);
            }
        }

        throw new InvalidOperationException("No event before the edge has a value.");
    }

    /// <summary>The earliest event after a bound that has a value in a column. Requires that there is one.</summary>
    public static Found Earliest(Arena arena, WindowBound bound, ColumnLayout column)
    {
        var found = FirstPresent(bound.Leaf, column, bound.Index);
        for (var level = bound.Depth - 1; level >= 0 && !found.Exists; level--)
        {
            found = EarliestBelow(arena, bound.NodeAt(level), column, bound.Children[level] + 1);
        }

        return found.Exists ? found : throw new InvalidOperationException("No event after the edge has a value.");
    }

    /// <summary>The minimum and maximum of a column between two bounds.</summary>
    public static MinMax Between(WindowBound low, WindowBound high, ColumnLayout column)
    {
        // The paths have equal length. They diverge at some level, or lead to the same leaf.
        var parting = 0;
        while (parting < low.Depth && low.Children[parting] == high.Children[parting])
        {
            parting++;
        }

        if (parting == low.Depth)
        {
            return low.Leaf.Column(column.Ordinal).MinMaxOf(low.Index, high.Index);
        }

        var extent = MinMaxes(low.NodeAt(parting), column, low.Children[parting] + 1, high.Children[parting]);
        for (var level = parting + 1; level < low.Depth; level++)
        {
            var (left, right) = (low.NodeAt(level), high.NodeAt(level));
            extent = extent.With(MinMaxes(left, column, low.Children[level] + 1, left.Count));
            extent = extent.With(MinMaxes(right, column, 0, high.Children[level]));
        }

        extent = extent.With(low.Leaf.Column(column.Ordinal).MinMaxOf(low.Index, low.Leaf.Count));
        return extent.With(high.Leaf.Column(column.Ordinal).MinMaxOf(0, high.Index));
    }

    private static MinMax MinMaxes(Node node, ColumnLayout column, int from, int to)
    {
        var extents = node.MinMaxes(column);
        var extent = MinMax.None;
        for (var i = from; i < to; i++)
        {
            extent = extent.With(extents[i]);
        }

        return extent;
    }

    // Finds the event with the values-th value of the column in a node.
    private static Found LatestBelow(Arena arena, Node node, ColumnLayout column, int values)
    {
        while (true)
        {
            var (low, high) = (1, (int)node.Count);
            while (low < high)
            {
                var middle = (low + high) >> 1;
                (low, high) = node.ValuesBefore(column, middle) < values ? (middle + 1, high) : (low, middle);
            }

            values -= node.ValuesBefore(column, low - 1);
            var piece = arena[node.Child(low - 1)];
            if (node.Level > 1)
            {
                node = new(piece, node.Layout);
                continue;
            }

            var leaf = new Leaf(piece + TreeWalk.LeafPieceHeader, node.Layout);
            return Found.In(leaf, LastPresent(leaf, column, leaf.Count), column);
        }
    }

    // Searches from a child on. The node stores no total that includes its last child, so that child is searched if no other has a value.
    private static Found EarliestBelow(Arena arena, Node node, ColumnLayout column, int from)
    {
        if (from >= node.Count)
        {
            return default;
        }

        var before = node.ValuesBefore(column, from);
        var (low, high) = (from + 1, (int)node.Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = node.ValuesBefore(column, middle) <= before ? (middle + 1, high) : (low, middle);
        }

        var piece = arena[node.Child(low - 1)];
        return node.Level == 1
            ? FirstPresent(new(piece + TreeWalk.LeafPieceHeader, node.Layout), column, 0)
            : EarliestBelow(arena, new(piece, node.Layout), column, 0);
    }

    private static int LastPresent(Leaf leaf, ColumnLayout column, int before)
    {
        var present = leaf.Column(column.Ordinal).Present(0, before);
        return 127 - (int)UInt128.LeadingZeroCount(present);
    }

    private static Found FirstPresent(Leaf leaf, ColumnLayout column, int from)
    {
        var present = leaf.Column(column.Ordinal).Present(from, leaf.Count);
        return present == 0 ? default : Found.In(leaf, (int)UInt128.TrailingZeroCount(present), column);
    }
}

/// <summary>An event found by a search: its time and value.</summary>
internal readonly record struct Found(bool Exists, long Time, long Key)
{
    public static Found In(Leaf leaf, int index, ColumnLayout column) => new(true, leaf.Time(index), leaf.Column(column.Ordinal).Key(index));
}

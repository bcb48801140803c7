namespace Grid.Features.State;

/// <summary>Moves entries within a node and between nodes, field by field.</summary>
internal static unsafe class NodeEdit
{
    /// <summary>Opens a gap of one entry, or closes one if <paramref name="to"/> is less than <paramref name="from"/>.</summary>
    public static void Move(Node node, int from, int to, int count) => Copy(node, from, node, to, count);

    /// <summary>Copies entries unchanged.</summary>
    public static void Copy(Node source, int from, Node target, int to, int count)
    {
        if (count <= 0)
        {
            return;
        }

        var layout = source.Layout;
        Span(ref source.FirstTime(from), count).CopyTo(Span(ref target.FirstTime(to), count));
        Span(ref source.FirstFingerprint(from), count).CopyTo(Span(ref target.FirstFingerprint(to), count));
        Span(ref source.Child(from), count).CopyTo(Span(ref target.Child(to), count));
        Span(ref source.Before(from), count).CopyTo(Span(ref target.Before(to), count));
        foreach (var column in layout.Columns)
        {
            CopyField(source.ValuesBefore(column), from, target.ValuesBefore(column), to, count);
            if (column.IsSummed)
            {
                CopyField(source.SumsBefore(column), from, target.SumsBefore(column), to, count);
            }

            if (column.IsSquared)
            {
                CopyField(source.SquaresBefore(column), from, target.SquaresBefore(column), to, count);
            }

            if (column.IsRanged)
            {
                CopyField(source.MinMaxes(column), from, target.MinMaxes(column), to, count);
            }
        }
    }

    /// <summary>Makes the totals before each child relative to the first child.</summary>
    public static void Rebase(Node node)
    {
        var events = node.Before(0);
        for (var i = 0; i < node.Count; i++)
        {
            node.Before(i) -= events;
        }

        foreach (var column in node.Layout.Columns)
        {
            var first = node.TotalsBefore(column, 0);
            for (var i = 0; i < node.Count; i++)
            {
                node.SetTotalsBefore(column, i, node.TotalsBefore(column, i) - first);
            }
        }
    }

    private static void CopyField<T>(T* source, int from, T* target, int to, int count)
        where T : unmanaged =>
        Buffer.MemoryCopy(source + from, target + to, (long)count * sizeof(T), (long)count * sizeof(T));

    private static Span<T> Span<T>(ref T first, int count) => System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref first, count);
}

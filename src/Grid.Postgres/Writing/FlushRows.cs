namespace Grid.Postgres;

/// <summary>The rows of one flush in the order in which every process takes its locks, and the chains they make: a writer's rows, one after another.</summary>
internal sealed class FlushRows
{
    private readonly List<(PendingRow Row, int Place)> _sorted = [];
    private readonly List<PendingRow> _rows = [];
    private readonly List<Chain> _chains = [];
    private readonly List<PendingRow> _postponed = [];

    public List<PendingRow> Rows => _rows;

    public List<Chain> Chains => _chains;

    /// <summary>Rows of a second writer of an entity: they wait until it is known what became of the first one's.</summary>
    public List<PendingRow> Postponed => _postponed;

    /// <summary>Takes a batch's rows in. Rows whose writer is broken are told so, and are no part of it.</summary>
    public void Take(List<PendingRow> rows)
    {
        _sorted.Clear();
        _rows.Clear();
        _chains.Clear();
        _postponed.Clear();
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (row.Writer.Broken is { } broken)
            {
                row.Fail(broken);
            }
            else
            {
                _sorted.Add((row, i));
            }
        }

        _sorted.Sort(static (a, b) => Compare(a, b));
        foreach (var (row, _) in _sorted)
        {
            Take(row);
        }
    }

    private void Take(PendingRow row)
    {
        if (_chains.Count > 0 && _chains[^1] is var last && last.Writer.Hash == row.Writer.Hash && last.Writer.Entity == row.Writer.Entity)
        {
            if (last.Writer != row.Writer)
            {
                _postponed.Add(row);
                return;
            }

            _chains[^1] = last with { Last = row.Version, Count = last.Count + 1 };
        }
        else
        {
            _chains.Add(new(row.Writer, _rows.Count, 1, row.Version, row.Version));
        }

        _rows.Add(row);
    }

    private static int Compare((PendingRow Row, int Place) a, (PendingRow Row, int Place) b)
    {
        var (left, right) = (a.Row.Writer, b.Row.Writer);
        if (left.Hash != right.Hash)
        {
            return left.Hash < right.Hash ? -1 : 1;
        }

        if (left != right)
        {
            var kind = string.CompareOrdinal(left.Entity.Kind, right.Entity.Kind);
            var order = kind != 0 ? kind : string.CompareOrdinal(left.Entity.Key, right.Entity.Key);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Place.CompareTo(b.Place);
    }

    /// <summary>A writer's rows in a flush.</summary>
    internal readonly record struct Chain(EntityWriter Writer, int Start, int Count, long First, long Last);
}

using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>
/// What one entity has heard of and has no row of its own for yet. The storage has it in the entity's inbox, and gives it again after a crash. Called under the stripe's lock.
/// </summary>
internal sealed class Inbox
{
    private readonly HashSet<RowId> _heard = [];
    private List<RowId> _rows = [];
    private List<byte[]> _bodies = [];

    /// <summary>How many rows wait to be written down.</summary>
    public int Count => _rows.Count;

    /// <summary>Whether a row was heard, and what it says is in memory and not on disk as the entity's own yet.</summary>
    public bool Knows(RowId row) => _heard.Contains(row);

    /// <param name="row">The row that was heard.</param>
    /// <param name="body">What is to be written down of it; null of nothing.</param>
    public void Add(RowId row, byte[]? body)
    {
        _heard.Add(row);
        _rows.Add(row);
        if (body is not null)
        {
            _bodies.Add(body);
        }
    }

    /// <summary>Takes out what waits, to be written down now. It stays known until <see cref="Forget(IReadOnlyList{RowId})"/>.</summary>
    public (IReadOnlyList<RowId> Rows, IReadOnlyList<byte[]> Bodies) Take()
    {
        var taken = (_rows, _bodies);
        (_rows, _bodies) = ([], []);
        return taken;
    }

    /// <summary>Rows were written down.</summary>
    public void Forget(IReadOnlyList<RowId> rows)
    {
        foreach (var row in rows)
        {
            _heard.Remove(row);
        }
    }

    /// <summary>The entity leaves memory.</summary>
    public void Clear()
    {
        _heard.Clear();
        (_rows, _bodies) = ([], []);
    }
}

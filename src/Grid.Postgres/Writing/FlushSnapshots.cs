namespace Grid.Postgres;

/// <summary>The snapshots of one flush: those whose rows are on disk, at most one of an entity, in the order in which every process takes its locks.</summary>
internal sealed class FlushSnapshots
{
    private readonly List<PendingSnapshot> _due = [];
    private readonly List<PendingSnapshot> _all = [];

    /// <summary>What is to be written.</summary>
    public List<PendingSnapshot> Due => _due;

    /// <summary>Those whose rows are on their way.</summary>
    public List<PendingSnapshot> Early { get; } = [];

    public void Take(List<PendingSnapshot> snapshots)
    {
        _due.Clear();
        _all.Clear();
        Early.Clear();
        foreach (var snapshot in snapshots)
        {
            if (snapshot.Version <= snapshot.Writer.Committed)
            {
                _all.Add(snapshot);
            }
            else if (snapshot.Writer.Broken is { } broken)
            {
                snapshot.End(broken);
            }
            else
            {
                Early.Add(snapshot);
            }
        }

        _all.Sort(static (a, b) => Compare(a, b));
        for (var i = 0; i < _all.Count; i++)
        {
            if (i + 1 == _all.Count || _all[i].Writer.Entity != _all[i + 1].Writer.Entity)
            {
                _due.Add(_all[i]); // The newest of an entity; it stands for the others.
            }
        }
    }

    public void End(Exception? failure)
    {
        foreach (var snapshot in _all)
        {
            snapshot.End(failure);
        }

        _due.Clear();
        _all.Clear();
    }

    private static int Compare(PendingSnapshot a, PendingSnapshot b)
    {
        if (a.Writer.Hash != b.Writer.Hash)
        {
            return a.Writer.Hash < b.Writer.Hash ? -1 : 1;
        }

        var kind = string.CompareOrdinal(a.Writer.Entity.Kind, b.Writer.Entity.Kind);
        var order = kind != 0 ? kind : string.CompareOrdinal(a.Writer.Entity.Key, b.Writer.Entity.Key);
        return order != 0 ? order : a.Version.CompareTo(b.Version);
    }
}

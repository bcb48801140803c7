namespace Grid.Features.State;

/// <summary>
/// Caches for a long timeline of one entity: a fingerprint filter and sliding windows whose values are counted or sorted. Can be dropped at
/// any time; rebuilt on demand. Not part of snapshots.
/// </summary>
internal sealed class AggregateCache(int features) : IDisposable
{
    public FingerprintFilter? Filter { get; set; }

    /// <summary>Indexed by the feature's ordinal in its kind.</summary>
    public SlidingValues?[] Counts { get; } = new SlidingValues?[features];

    /// <summary>Adds an applied event.</summary>
    public void Applied(Row row)
    {
        Filter?.Add(row.Fingerprint);
        foreach (var counts in Counts)
        {
            if (counts is not null && row.Time > counts.Low && row.Time <= counts.High && !row.Missing[counts.Column.Ordinal])
            {
                counts.Add(row.Keys[counts.Column.Ordinal]);
            }
        }
    }

    /// <summary>Removes the first events of the first leaf before the timeline drops them.</summary>
    public void Forgotten(Leaf leaf, int events)
    {
        foreach (var counts in Counts)
        {
            if (counts is not null && leaf.Time(events - 1) > counts.Low)
            {
                Forget(counts, leaf, events);
            }
        }
    }

    /// <summary>Drops the caches of a column whose values a label changed.</summary>
    public void Amended(ColumnLayout column)
    {
        for (var i = 0; i < Counts.Length; i++)
        {
            Counts[i] = Counts[i]?.Column == column ? null : Counts[i];
        }
    }

    public void Dispose() => Filter?.Dispose();

    private static void Forget(SlidingValues counts, Leaf leaf, int events)
    {
        var values = leaf.Column(counts.Column.Ordinal);
        for (var i = 0; i < events; i++)
        {
            if (leaf.Time(i) > counts.Low && leaf.Time(i) <= counts.High && !values.IsMissing(i))
            {
                counts.Remove(values.Key(i));
            }
        }

        // Later events with the same timestamp may still be present, and counted.
        counts.Low = leaf.Time(events - 1) - 1;
    }
}

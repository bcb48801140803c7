namespace Grid.Features.State;

/// <summary>
/// What is kept beside the tree of one entity's timeline to make questions cheap, where the timeline is long: a filter of fingerprints, and windows whose values are
/// counted or ordered as they slide. It can be dropped at any time and is made anew when asked for; it is in no snapshot.
/// </summary>
internal sealed class AggregateCache(int features) : IDisposable
{
    public FingerprintFilter? Filter { get; set; }

    /// <summary>By the feature's place in its kind.</summary>
    public SlidingValues?[] Counts { get; } = new SlidingValues?[features];

    /// <summary>An event came in.</summary>
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

    /// <summary>The first events of a leaf, which are the first of all, are about to be forgotten.</summary>
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

    /// <summary>A label changed values of a column.</summary>
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

        // Others of the same moment may still be held, and counted.
        counts.Low = leaf.Time(events - 1) - 1;
    }
}

namespace Grid.Gateway.Metrics;

/// <summary>A series: an instrument with one set of tags. Written by several threads concurrently and read by a scrape.</summary>
internal sealed class Series
{
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly double[] _bounds;
    private readonly long[] _buckets;
    private double _value;

    /// <param name="tags">The tags that identify this series of the instrument.</param>
    /// <param name="bounds">Upper bounds of the buckets, ascending; empty if the instrument is not a histogram.</param>
    public Series(ReadOnlySpan<KeyValuePair<string, object?>> tags, double[] bounds)
    {
        _tags = tags.ToArray();
        _bounds = bounds;
        _buckets = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    }

    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>The sum for a counter or a histogram; the last value for a gauge.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>The number of measurements in each bucket, not cumulative; the last bucket is above all bounds.</summary>
    public ReadOnlySpan<long> Buckets => _buckets;

    public bool Is(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != _tags.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            ref readonly var mine = ref _tags[i];
            if (mine.Key != tags[i].Key || !(ReferenceEquals(mine.Value, tags[i].Value) || Equals(mine.Value, tags[i].Value)))
            {
                return false;
            }
        }

        return true;
    }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (found.Equals(seen))
            {
                return;
            }

            seen = found;
        }
    }

    public void Record(double value)
    {
        Interlocked.Increment(ref _buckets[BucketOf(value)]);
        Add(value);
    }

    // Linear search: there are few buckets, and most values fall into the lower ones.
    private int BucketOf(double value)
    {
        var i = 0;
        while (i < _bounds.Length && value > _bounds[i])
        {
            i++;
        }

        return i;
    }
}

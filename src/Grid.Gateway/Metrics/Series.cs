namespace Grid.Gateway.Metrics;

/// <summary>One stream of measurements: an instrument and its tags. Written by many threads at once, read by a scrape.</summary>
internal sealed class Series
{
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly double[] _bounds;
    private readonly long[] _buckets;
    private double _value;

    /// <param name="tags">What sets this stream apart from the instrument's others.</param>
    /// <param name="bounds">Upper bounds of a histogram's buckets, rising; empty where the instrument is none.</param>
    public Series(ReadOnlySpan<KeyValuePair<string, object?>> tags, double[] bounds)
    {
        _tags = tags.ToArray();
        _bounds = bounds;
        _buckets = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    }

    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>The sum of a counter or a histogram; the last value of a gauge.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>How many measurements fell into each bucket, not summed up; the last is for those above all bounds.</summary>
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

    // The buckets are few and the common ones are low.
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

namespace Grid.Features.State.Intervals;

/// <summary>A start or an end, ordered by matching key, then by time.</summary>
/// <param name="Key">The hash of the value that matches starts with ends.</param>
/// <param name="Time">Event time; for an end, the time up to which it closes starts.</param>
/// <param name="Rank">Orders points with the same time: the fingerprint of the event's id, or <see cref="Last"/>.</param>
internal readonly record struct SpanPoint(long Key, long Time, long Rank) : IComparable<SpanPoint>
{
    /// <summary>A rank after every fingerprint.</summary>
    public const long Last = 1L << 32;

    public int CompareTo(SpanPoint other)
    {
        var order = Key.CompareTo(other.Key);
        order = order != 0 ? order : Time.CompareTo(other.Time);
        return order != 0 ? order : Rank.CompareTo(other.Rank);
    }
}

/// <summary>A start or an end, ordered by time.</summary>
internal readonly record struct SpanMoment(SpanPoint Point) : IComparable<SpanMoment>
{
    public static SpanMoment EndOf(long time) => new(new(long.MaxValue, time, SpanPoint.Last));

    public int CompareTo(SpanMoment other)
    {
        var order = Point.Time.CompareTo(other.Point.Time);
        order = order != 0 ? order : Point.Rank.CompareTo(other.Point.Rank);
        return order != 0 ? order : Point.Key.CompareTo(other.Point.Key);
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Grid;

/// <summary>The time at which an event happened, in whole milliseconds since the Unix epoch, UTC. Never the time it was received.</summary>
public readonly record struct EventTime : IComparable<EventTime>
{
    /// <summary>The latest event time: the end of the year 9999.</summary>
    public const long MaxUnixMilliseconds = 253_402_300_799_999;

    private EventTime(long unixMilliseconds) => UnixMilliseconds = unixMilliseconds;

    public long UnixMilliseconds { get; }

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is before the epoch or after the year 9999.</exception>
    public static EventTime FromUnixMilliseconds(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxUnixMilliseconds);
        return new(value);
    }

    /// <summary>Converts a time, truncated to whole milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is before the epoch.</exception>
    public static EventTime From(DateTimeOffset value) => FromUnixMilliseconds(value.ToUnixTimeMilliseconds());

    /// <summary>For a value that was checked before, such as one read from a journal. Checked in debug builds only.</summary>
    public static EventTime FromTrusted(long value)
    {
        Debug.Assert(value is >= 0 and <= MaxUnixMilliseconds, "An event time must lie between the epoch and the year 9999.");
        return new(value);
    }

    /// <summary>
    /// Parses ISO 8601, such as <c>2018-07-25T00:00:29.000Z</c> or <c>2018-07-25 00:00:29</c>. A time without an offset is UTC; an offset
    /// may be given in hours only, such as <c>2018-07-25 02:00:29+02</c>. Fractions below a millisecond are truncated. 24:00:00 is midnight
    /// at the end of the day; a leap second (23:59:60 UTC) is the second after it.
    /// </summary>
    /// <returns>False if the text is not in this format, or the time is before the epoch or after the year 9999.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out EventTime time) => TryParse(text, null, out time);

    /// <summary>
    /// As <see cref="TryParse(ReadOnlySpan{char}, out EventTime)"/>, but a time without an offset is local time in a zone.
    /// </summary>
    /// <remarks>An ambiguous local time, when clocks go back, is resolved to the earlier of the two.</remarks>
    /// <param name="text">The text.</param>
    /// <param name="zone">The time zone; null is UTC.</param>
    /// <param name="time">The parsed time.</param>
    /// <returns>False also if the zone skips the local time, when clocks go forward.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, TimeZoneInfo? zone, out EventTime time)
    {
        var read = IsoTime.TryParse(text, zone, out var milliseconds) && milliseconds is >= 0 and <= MaxUnixMilliseconds;
        time = read ? new(milliseconds) : default;
        return read;
    }

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    public int CompareTo(EventTime other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    /// <summary>ISO 8601 in UTC with milliseconds, such as <c>2018-07-25T00:00:29.000Z</c>.</summary>
    public override string ToString() => ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static bool operator <(EventTime left, EventTime right) => left.UnixMilliseconds < right.UnixMilliseconds;

    public static bool operator >(EventTime left, EventTime right) => left.UnixMilliseconds > right.UnixMilliseconds;

    public static bool operator <=(EventTime left, EventTime right) => left.UnixMilliseconds <= right.UnixMilliseconds;

    public static bool operator >=(EventTime left, EventTime right) => left.UnixMilliseconds >= right.UnixMilliseconds;
}

using System.Diagnostics;
using System.Globalization;

namespace Grid;

/// <summary>When an event happened, in whole milliseconds since the Unix epoch, UTC. Never when it was received.</summary>
public readonly record struct EventTime : IComparable<EventTime>
{
    /// <summary>The last moment that a time may name: the end of the year 9999.</summary>
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

    /// <summary>The moment, cut to whole milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is before the epoch.</exception>
    public static EventTime From(DateTimeOffset value) => FromUnixMilliseconds(value.ToUnixTimeMilliseconds());

    /// <summary>For a caller that has already checked, such as the journal reader. Checked in a debug build only.</summary>
    public static EventTime FromTrusted(long value)
    {
        Debug.Assert(value is >= 0 and <= MaxUnixMilliseconds, "An event time must lie between the epoch and the year 9999.");
        return new(value);
    }

    /// <summary>
    /// Reads ISO 8601, such as <c>2018-07-25T00:00:29.000Z</c> or <c>2018-07-25 00:00:29</c> (a time without an offset is UTC), and an
    /// offset in hours, such as <c>2018-07-25 02:00:29+02</c>. What is finer than a millisecond is cut off. 24:00:00 is midnight at the
    /// end of the day; a leap second (23:59:60 UTC) is the second after it.
    /// </summary>
    /// <returns>False where the text is no such moment, or one before the epoch or after the year 9999.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out EventTime time) => TryParse(text, null, out time);

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out EventTime)"/>; a time without an offset is local time of a zone.</summary>
    /// <remarks>Of a local time that comes twice, as clocks go back, the first is taken.</remarks>
    /// <param name="text">The text.</param>
    /// <param name="zone">The zone; null is UTC.</param>
    /// <param name="time">The moment.</param>
    /// <returns>False also where the zone skips the local time, as clocks go forward.</returns>
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

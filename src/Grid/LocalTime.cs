namespace Grid;

/// <summary>Finds the offset from UTC of a local time.</summary>
internal static class LocalTime
{
    /// <summary>
    /// Returns the offset in milliseconds. An ambiguous local time, when clocks go back, has the offset of the earlier of the two; a local
    /// time that the zone skips, when clocks go forward, has none (false).
    /// </summary>
    /// <param name="local">The local time, in Unix milliseconds as if it were UTC.</param>
    /// <param name="zone">The time zone; null is UTC.</param>
    /// <param name="offset">The offset from UTC.</param>
    public static bool TryOffset(long local, TimeZoneInfo? zone, out long offset)
    {
        offset = 0;
        if (zone is null)
        {
            return true;
        }

        var ticks = DateTime.UnixEpoch.Ticks + (local * TimeSpan.TicksPerMillisecond);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        var time = new DateTime(ticks, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(time))
        {
            return false;
        }

        var found = zone.IsAmbiguousTime(time) ? zone.GetAmbiguousTimeOffsets(time).Max() : zone.GetUtcOffset(time);
        offset = (long)found.TotalMilliseconds;
        return true;
    }
}

namespace Grid;

/// <summary>Finds the offset from UTC of a local time.</summary>
internal static class LocalTime
{
    /// <summary>
    /// The offset in milliseconds. Of a time that a zone has twice, as clocks go back, it is that of the first time; false of one that the
    /// zone skips, as clocks go forward.
    /// </summary>
    /// <param name="local">The local time, in milliseconds as if it were UTC.</param>
    /// <param name="zone">The zone; null is UTC.</param>
    /// <param name="offset">The offset.</param>
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

namespace Grid;

/// <summary>
/// Parses dates and times as written by ISO 8601 and PostgreSQL: <c>2018-07-25</c>, <c>2018-07-25 00:00:29</c>,
/// <c>2018-07-25T00:00:29.123Z</c>, <c>2018-07-25T02:00+02:00</c>, <c>2018-07-25 02:00:00+02</c>. A time without an offset is UTC, or local
/// time in the given zone. Fractions may have any number of digits and are truncated to milliseconds.
/// </summary>
/// <remarks>
/// 24:00:00 is midnight at the end of the day. A leap second, 23:59:60 in UTC, is the second after it, as in Unix time; a second 60 at any
/// other time is rejected.
/// </remarks>
internal static class IsoTime
{
    private const long Minute = 60_000;
    private const long Day = 86_400_000;

    /// <summary>Parses a time; false if the text is not in this format.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">The time zone of a time without an offset; null is UTC.</param>
    /// <param name="unixMilliseconds">Unix milliseconds, negative before the epoch.</param>
    public static bool TryParse(ReadOnlySpan<char> text, TimeZoneInfo? zone, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        if (!TryDate(text, out var days))
        {
            return false;
        }

        var rest = text[10..];
        var time = default(TimeOfDay);
        if (rest.Length > 0 && !(rest[0] is 'T' or 't' or ' ' && TryTime(rest[1..], out time, out rest)))
        {
            return false;
        }

        var local = (days * Day) + time.Milliseconds;
        if (!(rest.Length == 0 ? LocalTime.TryOffset(local, zone, out var offset) : TryOffset(rest, out offset)))
        {
            return false;
        }

        unixMilliseconds = local - offset;
        return !time.IsLeapSecond || unixMilliseconds % Day is >= 0 and < 1000;
    }

    private static bool TryDate(ReadOnlySpan<char> text, out long days)
    {
        days = 0;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        days = new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        return true;
    }

    private static bool TryTime(ReadOnlySpan<char> text, out TimeOfDay time, out ReadOnlySpan<char> rest)
    {
        time = default;
        rest = text;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute)
            || hour > 24 || minute > 59)
        {
            return false;
        }

        var (second, fraction) = (0, 0);
        rest = text[5..];
        if (rest.Length > 0 && rest[0] == ':')
        {
            if (rest.Length < 3 || !TryDigits(rest[1..3], out second) || second > 60)
            {
                return false;
            }

            rest = rest[3..];
            if (rest.Length > 0 && rest[0] == '.' && !TryFraction(ref fraction, ref rest))
            {
                return false;
            }
        }

        time = new((((hour * 60L) + minute) * Minute) + (second * 1000L) + fraction, second == 60);
        return time.Milliseconds <= Day || (time.IsLeapSecond && hour < 24);
    }

    private static bool TryFraction(ref int milliseconds, ref ReadOnlySpan<char> rest)
    {
        var (digits, place) = (0, 100);
        for (; digits + 1 < rest.Length && char.IsAsciiDigit(rest[digits + 1]); digits++)
        {
            milliseconds += (rest[digits + 1] - '0') * place;
            place /= 10;
        }

        rest = rest[(1 + digits)..];
        return digits > 0;
    }

    // Z, +02:00, +0200 or +02.
    private static bool TryOffset(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text is "Z" or "z")
        {
            return true;
        }

        var minutes = text.Length == 6 && text[3] == ':' ? text[4..] : text.Length == 5 ? text[3..] : text.Length == 3 ? "00" : [];
        if (text[0] is not ('+' or '-') || minutes.Length != 2 || !TryDigits(text[1..3], out var hour) || !TryDigits(minutes, out var minute)
            || hour > 14 || minute > 59)
        {
            return false;
        }

        milliseconds = ((hour * 60L) + minute) * (text[0] == '-' ? -Minute : Minute);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + c - '0';
        }

        return true;
    }

    private readonly record struct TimeOfDay(long Milliseconds, bool IsLeapSecond);
}

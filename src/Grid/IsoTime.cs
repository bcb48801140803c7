namespace Grid;

/// <summary>
/// Reads moments as ISO 8601 writes them, and nothing else: <c>2018-07-25</c>, <c>2018-07-25 00:00:29</c>, <c>2018-07-25T00:00:29.123Z</c>,
/// <c>2018-07-25T02:00+02:00</c>. A time without an offset is UTC; what is finer than a millisecond is cut off.
/// </summary>
internal static class IsoTime
{
    /// <summary>Unix milliseconds, which may lie before the epoch; false where the text is no such moment.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        if (!TryDate(text, out var days))
        {
            return false;
        }

        var rest = text[10..];
        long time = 0, offset = 0;
        if (rest.Length > 0 && !(rest[0] is 'T' or 't' or ' ' && TryTime(rest[1..], out time, out rest) && TryOffset(rest, out offset)))
        {
            return false;
        }

        unixMilliseconds = (days * 86_400_000L) + time - offset;
        return true;
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

    private static bool TryTime(ReadOnlySpan<char> text, out long milliseconds, out ReadOnlySpan<char> rest)
    {
        milliseconds = 0;
        rest = text;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        milliseconds = ((hour * 60L) + minute) * 60_000;
        rest = text[5..];
        if (rest.Length == 0 || rest[0] != ':')
        {
            return true;
        }

        if (rest.Length < 3 || !TryDigits(rest[1..3], out var second) || second > 59)
        {
            return false;
        }

        milliseconds += second * 1000L;
        rest = rest[3..];
        return rest.Length == 0 || rest[0] != '.' || TryFraction(ref milliseconds, ref rest);
    }

    private static bool TryFraction(ref long milliseconds, ref ReadOnlySpan<char> rest)
    {
        var (digits, place) = (0, 100);
        for (; digits + 1 < rest.Length && char.IsAsciiDigit(rest[digits + 1]); digits++)
        {
            milliseconds += (rest[digits + 1] - '0') * place;
            place /= 10;
        }

        if (digits is 0 or > 9)
        {
            return false;
        }

        rest = rest[(1 + digits)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length == 0 || text is "Z" or "z")
        {
            return true;
        }

        var minutes = text.Length == 6 && text[3] == ':' ? text[4..] : text.Length == 5 ? text[3..] : [];
        if (text[0] is not ('+' or '-') || minutes.Length != 2 || !TryDigits(text[1..3], out var hour) || !TryDigits(minutes, out var minute)
            || hour > 14 || minute > 59)
        {
            return false;
        }

        milliseconds = ((hour * 60L) + minute) * (text[0] == '-' ? -60_000 : 60_000);
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
}

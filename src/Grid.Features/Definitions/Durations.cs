using System.Globalization;
using System.Text;

namespace Grid.Features.Definitions;

/// <summary>Parses durations in bundles: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>7d</c>.</summary>
internal static class Durations
{
    public const string Expected = "a length of time above zero such as 500ms, 30s, 5m, 1h30m or 7d";

    public const long Day = 86_400_000;

    /// <summary>The maximum duration: a hundred years, far below the overflow of sums of milliseconds.</summary>
    public const long Longest = 36_525 * Day;

    // From longest to shortest: a duration contains each unit at most once, in this order.
    private static readonly (string Name, long Milliseconds)[] Units =
        [("d", Day), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    public static bool TryParse(string text, out long milliseconds)
    {
        milliseconds = 0;
        var (at, unit) = (0, -1);
        while (at < text.Length)
        {
            var digits = Run(text, at, char.IsAsciiDigit);
            var letters = Run(text, at + digits, char.IsAsciiLetter);
            var named = Array.FindIndex(Units, known => text.AsSpan(at + digits, letters).SequenceEqual(known.Name));
            if (named <= unit || !long.TryParse(text.AsSpan(at, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count > (Longest - milliseconds) / Units[named].Milliseconds)
            {
                return false;
            }

            milliseconds += count * Units[named].Milliseconds;
            (at, unit) = (at + digits + letters, named);
        }

        return milliseconds > 0;
    }

    /// <summary>Formats a duration in its shortest form.</summary>
    public static string ToText(long milliseconds)
    {
        var text = new StringBuilder();
        foreach (var (name, length) in Units)
        {
            var count = milliseconds / length;
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{name}");
                milliseconds -= count * length;
            }
        }

        return text.ToString();
    }

    private static int Run(string text, int from, Func<char, bool> belongs)
    {
        var to = from;
        while (to < text.Length && belongs(text[to]))
        {
            to++;
        }

        return to - from;
    }
}

namespace Grid.Cli.Freshness;

/// <summary>How old a feature is made.</summary>
internal static class Ages
{
    /// <summary>In milliseconds; the first is a value as fresh as it can be.</summary>
    public static readonly long[] Milliseconds = [0, 1_000, 30_000, 300_000, 3_600_000, 86_400_000];

    public static readonly string[] Names = ["0", "1 s", "30 s", "5 min", "1 h", "1 d"];

    public static EventTime Before(EventTime at, int age) =>
        EventTime.FromUnixMilliseconds(Math.Max(0, at.UnixMilliseconds - Milliseconds[age]));
}

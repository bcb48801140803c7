namespace Grid.Drills;

/// <summary>The one limit of whatever a drill waits for: far beyond what any run needs, so that it ends only one that hangs.</summary>
internal static class DrillLimit
{
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(5);
}

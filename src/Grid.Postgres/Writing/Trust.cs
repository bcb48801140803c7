namespace Grid.Postgres;

/// <summary>
/// For how long a writer's head is trusted without looking. A writer whose last row is on disk needs no check as long as the next version, had somebody
/// else written it, would still be there to collide with: rows may be trimmed only after <see cref="LeastRetention"/>. The server's clock alone counts: a process
/// that slept for hours between looking and sending is noticed by the statement itself.
/// </summary>
internal static class Trust
{
    public static readonly TimeSpan LeastRetention = TimeSpan.FromHours(1);

    /// <summary>Ten minutes; and as much again for the last answer that the lane knows.</summary>
    public const long Microseconds = 600_000_000;
}

namespace Grid.Orleans.Tests;

/// <summary>A clock that stands still until it is moved, and differs from another one by so much.</summary>
internal sealed class ManualClock(ManualClock? other = null, TimeSpan ahead = default) : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public EventTime Now => EventTime.From(GetUtcNow());

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => (other?.GetUtcNow() ?? _now) + ahead;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Move(TimeSpan by) => _now += by;
}

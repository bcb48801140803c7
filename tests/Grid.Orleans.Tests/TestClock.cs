using Microsoft.Extensions.Time.Testing;

namespace Grid.Orleans.Tests;

/// <summary>Clocks that stand still until a test moves them.</summary>
internal static class TestClock
{
    /// <summary>The moment at which every such clock begins, later than all events of the tests.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static FakeTimeProvider New() => new(Start);

    public static EventTime Now(this TimeProvider clock) => EventTime.From(clock.GetUtcNow());
}

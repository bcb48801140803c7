namespace Grid.Orleans.Tests;

/// <summary>A clock that differs from another one by so much.</summary>
internal sealed class SkewedClock(TimeProvider other, TimeSpan ahead) : TimeProvider
{
    public override long TimestampFrequency => other.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => other.GetUtcNow() + ahead;

    public override long GetTimestamp() => other.GetTimestamp();
}

namespace Grid.Engine.Tests;

/// <summary>Moves on by a millisecond whenever something is measured: each piece of work takes so long.</summary>
internal sealed class CountingTime : SteppedTime
{
    public override long GetTimestamp()
    {
        Advance(TimeSpan.FromMilliseconds(1));
        return base.GetTimestamp();
    }
}

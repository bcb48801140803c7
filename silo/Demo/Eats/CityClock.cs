namespace Grid.Silo.Demo.Eats;

/// <summary>
/// The clock of the simulated city: it goes on by itself as any other does, and moves ahead to what happens in the city. What is loaded or asked without a
/// moment is then of the city's day, and not of months later.
/// Timestamps and timers are the base class's, which run by the real clock: a day is driven by these.
/// </summary>
internal sealed class CityClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset _at = start;
    private long _since = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _at + System.GetElapsedTime(_since);
        }
    }

    /// <summary>It is this time now, unless it is later already.</summary>
    public void Reach(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now > _at + System.GetElapsedTime(_since))
            {
                (_at, _since) = (now, System.GetTimestamp());
            }
        }
    }
}

namespace Grid.Client;

/// <summary>Settings of <see cref="GridClient"/>.</summary>
public sealed class GridClientOptions
{
    /// <summary>Presented as <c>Authorization: Bearer KEY</c>; null where the gateway asks for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long one attempt may take before it is given up.</summary>
    /// <value>The default is 15 seconds: a little longer than the gateway itself waits.</value>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often a call is tried again after a transient failure: no connection, 503, 504. It is safe, because an event's id makes sending it
    /// again change nothing.
    /// </summary>
    /// <value>The default is 4, that is at most five attempts; 0 never tries again.</value>
    public int Retries { get; set; } = 4;

    /// <summary>The longest pause before the first retry; each further one may be twice as long. The pause itself is drawn at random.</summary>
    /// <value>The default is 100 milliseconds.</value>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>No pause is longer than this, whatever the gateway's <c>Retry-After</c> says.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many events <see cref="GridClient.IngestManyAsync"/> sends in one request.</summary>
    /// <value>The default is 5,000.</value>
    public int EventsPerRequest { get; set; } = 5_000;

    /// <summary>The clock that pauses and timeouts are measured with.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; it is named.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AttemptTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(EventsPerRequest, 1);
    }
}

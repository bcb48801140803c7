namespace Grid.Client;

/// <summary>Settings of <see cref="GridClient"/>.</summary>
public sealed class GridClientOptions
{
    /// <summary>Sent as <c>Authorization: Bearer KEY</c>; null if the gateway requires no key.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The timeout of one attempt.</summary>
    /// <value>The default is 15 seconds: longer than the gateway's own deadline of 10 seconds.</value>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The maximum number of retries after a transient failure: no connection, timeout, 503 or 504. Retries are safe, because an event that
    /// is sent again with the same id changes nothing.
    /// </summary>
    /// <value>The default is 4, that is at most five attempts; 0 disables retries.</value>
    public int Retries { get; set; } = 4;

    /// <summary>
    /// The upper bound of the pause before the first retry; it doubles with each further retry. The pause is drawn at random below the
    /// bound.
    /// </summary>
    /// <value>The default is 100 milliseconds.</value>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum pause, even if the gateway's <c>Retry-After</c> is longer.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The maximum number of events per request of <see cref="GridClient.IngestManyAsync"/>.</summary>
    /// <value>The default is 5,000.</value>
    public int EventsPerRequest { get; set; } = 5_000;

    /// <summary>The clock that measures pauses and timeouts.</summary>
    /// <value>The default is the system clock.</value>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range; the message names it.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AttemptTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(EventsPerRequest, 1);
    }
}

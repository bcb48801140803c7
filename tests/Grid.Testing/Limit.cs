namespace Grid.Testing;

/// <summary>
/// The one limit on real time in tests. It turns a hang into a failure and is never part of what a test checks: it is minutes long, so that
/// no load
/// of the machine reaches it.
/// </summary>
public static class Limit
{
    /// <summary>How long a test waits for a signal before it counts as hanging.</summary>
    public static TimeSpan Generous { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Is cancelled when the limit is over, for a test that repeats something until it succeeds.</summary>
    public static CancellationTokenSource Begin() => new(Generous);

    /// <summary>Waits for a signal.</summary>
    /// <exception cref="TimeoutException">It has not come: the test hangs.</exception>
    public static Task InTime(this Task signal) => signal.WaitAsync(Generous);

    /// <inheritdoc cref="InTime(Task)"/>
    public static Task<T> InTime<T>(this Task<T> signal) => signal.WaitAsync(Generous);
}

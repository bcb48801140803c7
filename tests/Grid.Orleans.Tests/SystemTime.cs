namespace Grid.Orleans.Tests;

/// <summary>The clock of the silos, where it is the system's.</summary>
internal static class SystemTime
{
    public static EventTime Now => EventTime.From(TimeProvider.System.GetUtcNow());

    /// <summary>Ends when a moment is over.</summary>
    public static async Task PassAsync(EventTime moment)
    {
        while (Now <= moment)
        {
            var left = TimeSpan.FromMilliseconds(Math.Max(1, moment.UnixMilliseconds + 1 - Now.UnixMilliseconds));
            await Task.Delay(left, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}

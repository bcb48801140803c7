namespace Grid.Orleans.Tests;

/// <summary>Asks again where the grid says that this may do, as callers of a cluster must.</summary>
internal static class Retry
{
    private const int Most = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task<T> Async<T>(Func<ValueTask<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (GridException e) when (e.IsTransient && attempt < Most)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }
}

using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>Repeats a call after an error that calls for it, as callers of a cluster must.</summary>
internal static class Retry
{
    /// <param name="call">The call.</param>
    /// <param name="before">What is awaited before a repetition; a repetition follows at once where it is null.</param>
    public static async Task<T> Async<T>(Func<ValueTask<T>> call, Func<Task>? before = null)
    {
        using var limit = Limit.Begin();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (GridException e) when (e.IsTransient && !limit.IsCancellationRequested)
            {
                await (before?.Invoke() ?? Task.CompletedTask);
                await Task.Yield();
            }
        }
    }
}

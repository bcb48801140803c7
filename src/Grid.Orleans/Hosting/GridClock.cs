using Microsoft.Extensions.DependencyInjection;

namespace Grid.Orleans;

/// <summary>
/// The clock of the grid's own grains and background work: a keyed <see cref="TimeProvider"/>, which is the container's unkeyed one unless
/// another is registered. Orleans takes timers of its own from the unkeyed one; a clock that stands still under this key does not stop it.
/// </summary>
public static class GridClock
{
    /// <summary>The key to register another clock under.</summary>
    public const string Key = "Grid.Orleans";

    internal static TimeProvider Of(IServiceProvider services) => services.GetRequiredKeyedService<TimeProvider>(Key);
}

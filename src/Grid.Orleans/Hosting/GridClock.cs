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

    /// <summary>The clock of a process that was given none, and of what is checked before there is a container.</summary>
#pragma warning disable RS0030 // The composition's default; a host's own registration wins.
    internal static TimeProvider Default => TimeProvider.System;
#pragma warning restore RS0030

    internal static TimeProvider Of(IServiceProvider services) => services.GetRequiredKeyedService<TimeProvider>(Key);
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

using Orleans.Configuration;

namespace Grid.Orleans.Tests;

/// <summary>What a silo is set up with before it starts.</summary>
public sealed class ClusterSettingsTests
{
    [Fact]
    public void Failure_detection_scales_with_the_response_timeout()
    {
        using var usual = Silo(new());
        using var patient = Silo(new() { ResponseTimeout = TimeSpan.FromMinutes(1) });

        Assert.Equal((2_000, 500, 250, 1_000, 1_000), Milliseconds(usual));
        Assert.Equal((60_000, 15_000, 7_500, 30_000, 30_000), Milliseconds(patient));
    }

    [Fact]
    public void Grid_takes_its_time_from_the_keyed_clock_and_orleans_from_the_unkeyed_one()
    {
        var (grid, orleans) = (TestClock.New(), TestClock.New());
        using var both = Silo(
            new(), services => services.AddSingleton<TimeProvider>(orleans).AddKeyedSingleton<TimeProvider>(GridClock.Key, grid));
        using var one = Silo(new(), services => services.AddSingleton<TimeProvider>(orleans));
        using var none = Silo(new());

        Assert.Same(grid, GridClock.Of(both.Services));
        Assert.Same(orleans, both.Services.GetRequiredService<TimeProvider>());
        Assert.Same(orleans, GridClock.Of(one.Services));
        Assert.Same(TimeProvider.System, GridClock.Of(none.Services));
    }

    private static IHost Silo(GridClusterOptions options, Action<IServiceCollection>? before = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        before?.Invoke(builder.Services);
        options.Storage = StorageKind.Memory;
        return builder.UseOrleans(silo => silo.AddGrid(options)).Build(); // Not started.
    }

    private static (double, double, double, double, double) Milliseconds(IHost silo)
    {
        var membership = silo.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var messaging = silo.Services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
        var connections = silo.Services.GetRequiredService<IOptions<ConnectionOptions>>().Value;
        return (
            messaging.ResponseTimeout.TotalMilliseconds,
            membership.ProbeTimeout.TotalMilliseconds,
            membership.MinProbeTimeout.TotalMilliseconds,
            membership.MaxProbeTimeout.TotalMilliseconds,
            connections.OpenConnectionTimeout.TotalMilliseconds);
    }
}

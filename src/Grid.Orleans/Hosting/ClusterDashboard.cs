using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using Orleans.Dashboard;

namespace Grid.Orleans;

/// <summary>
/// The Orleans dashboard: silos, grains, calls and errors of the cluster. It has no authentication of its own, and shows keys of entities;
/// whoever maps it guards it. Its log stream is left out.
/// </summary>
internal static class ClusterDashboard
{
    /// <summary>Where it is mapped.</summary>
    public const string Path = "/admin/orleans";

    /// <summary>
    /// Adds what the pages need to a process that is a client of the cluster. The silos must have
    /// <see cref="GridClusterOptions.Dashboard"/> on, too.
    /// </summary>
    /// <param name="services">Services of the process that serves the pages.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="cluster">A connected client.</param>
    public static void AddClusterDashboard(this IServiceCollection services, IConfiguration configuration, IClusterClient cluster)
    {
        services.AddSingleton<IGrainFactory>(cluster);
        new Pages(services, configuration).AddDashboard(Hide);
    }

    /// <summary>Maps the pages under <see cref="Path"/>.</summary>
    public static IEndpointConventionBuilder MapClusterDashboard(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapOrleansDashboard(Path);

    internal static void Apply(ISiloBuilder silo, GridClusterOptions options)
    {
        if (options.Dashboard)
        {
            silo.AddDashboard(Hide);
        }
    }

    private static void Hide(DashboardOptions options) => options.HideTrace = true;

    /// <summary>The pages' services alone, without a second client of the cluster.</summary>
    private sealed record Pages(IServiceCollection Services, IConfiguration Configuration) : IClientBuilder;
}

using Grid.Orleans;
using Microsoft.Extensions.Options;

namespace Grid.Silo;

/// <summary>The Orleans host: this silo is a member of a cluster, and its gateway serves HTTP beside it.</summary>
internal static class ClusterHost
{
    public static IEnumerable<string> Add(WebApplicationBuilder builder)
    {
        GridClusterOptions options;
        try
        {
            options = builder.Configuration.ReadGridCluster();
        }
        catch (Exception raised) when (raised is OptionsValidationException or InvalidOperationException)
        {
            return raised is OptionsValidationException settings ? settings.Failures : [raised.Message];
        }

        builder.Host.UseOrleans(silo => silo.AddGrid(options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain);
        builder.Services.AddHealthChecks().AddCheck<ClusterReadiness>("cluster", tags: ["ready"]);
        return [];
    }
}

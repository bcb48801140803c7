using Grid.Orleans;
using Grid.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Grid.Silo.Cluster;

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

        if (DashboardFault(builder.Configuration, options) is { } fault)
        {
            return [fault];
        }

        builder.Host.UseOrleans(silo => silo.AddGrid(options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain);
        builder.Services.AddHealthChecks().AddCheck<ClusterReadiness>("cluster", tags: ["ready"]);
        return [];
    }

    /// <summary>Maps what a silo or a client of a cluster serves beside the gateway.</summary>
    public static void Map(WebApplication process, GridClusterOptions? options)
    {
        if (options is { Dashboard: true })
        {
            process.MapClusterDashboard().RequireGridAdmin();
        }
    }

    /// <summary>The dashboard shows keys of entities, and is not served to whoever asks.</summary>
    public static string? DashboardFault(IConfiguration configuration, GridClusterOptions options) =>
        options.Dashboard && !configuration.GetSection("Grid:Gateway:AdminKeys").GetChildren().Any()
            ? "Grid:Orleans:Dashboard is true, and Grid:Gateway:AdminKeys is empty; expected a key of at least 16 characters, "
                + "because the dashboard is served to callers with an admin key only."
            : null;

    /// <summary>What a silo says whose storage or cluster cannot be reached; nothing of a fault of the program.</summary>
    public static IEnumerable<string> FaultsOf(Exception raised) => raised switch
    {
        LogUnavailableException or LogSchemaException or AzureAccountException or NotSupportedException => [raised.Message],
        NpgsqlException => [$"The PostgreSQL server of Grid:Orleans:ConnectionString cannot be used: {raised.Message}"],
        { InnerException: { } inner } => FaultsOf(inner),
        _ => [],
    };
}

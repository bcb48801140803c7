using Grid.Orleans;
using Grid.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

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

    /// <summary>What a silo says whose storage or cluster cannot be reached; nothing of a fault of the program.</summary>
    public static IEnumerable<string> FaultsOf(Exception raised) => raised switch
    {
        LogUnavailableException or LogSchemaException or NotSupportedException => [raised.Message],
        NpgsqlException => [$"The PostgreSQL server of Grid:Orleans:ConnectionString cannot be used: {raised.Message}"],
        { InnerException: { } inner } => FaultsOf(inner),
        _ => [],
    };
}

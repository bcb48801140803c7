using Grid.Orleans;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grid.Silo.Cluster;

/// <summary>Ready while a silo of the cluster answers.</summary>
internal sealed class GatewayReadiness(OrleansGrid grid) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await grid.PingAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (GridException raised)
        {
            return HealthCheckResult.Unhealthy(raised.Message);
        }
    }
}

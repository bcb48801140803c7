using Grid.Engine;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grid.Silo;

/// <summary>Ready while the engine takes calls; otherwise its own words why not (a full disk, say).</summary>
internal sealed class EngineReadiness(EmbeddedGrid grid) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(grid.WhyNotReady is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}

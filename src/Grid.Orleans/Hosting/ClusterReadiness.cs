using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grid.Orleans;

/// <summary>Ready while the silo is a member of the cluster and its storage takes work.</summary>
public sealed class ClusterReadiness : IHealthCheck
{
    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _silo;
    private readonly IGridStorage _storage;

    internal ClusterReadiness(IClusterMembershipService membership, ILocalSiloDetails silo, IGridStorage storage) =>
        (_membership, _silo, _storage) = (membership, silo, storage);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = _membership.CurrentSnapshot.GetSiloStatus(_silo.SiloAddress);
        return Task.FromResult(status != SiloStatus.Active ? HealthCheckResult.Unhealthy($"This silo is not an active member of the cluster: it is {status}.")
            : HasRoom() ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("More is waiting to be written than the storage can take now."));
    }

    private bool HasRoom()
    {
        try
        {
            return _storage.HasRoom;
        }
        catch (Postgres.LogUnavailableException)
        {
            return false;
        }
    }
}

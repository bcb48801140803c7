using Grid.Orleans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Grid.Cli.Cluster;

/// <summary>
/// Connects a command to a cluster of silos, without HTTP in between. TLS, the cluster's name and the like come from the environment:
/// <c>Grid__Orleans__NAME</c>.
/// </summary>
internal static class ClusterConnection
{
    public static async Task<(IGrid Grid, IAsyncDisposable Link)> ConnectAsync(string where, CancellationToken cancellation)
    {
        try
        {
            var link = await ClusterLink.ConnectAsync(where, new ConfigurationBuilder().AddEnvironmentVariables().Build(), cancellation);
            return (link.Grid, link);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"--cluster: {wrong.Message}");
        }
        catch (OptionsValidationException wrong)
        {
            throw new UsageException(string.Join('\n', wrong.Failures));
        }
    }
}

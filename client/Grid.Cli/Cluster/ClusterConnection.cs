using Grid.Orleans;

namespace Grid.Cli.Commands;

/// <summary>Connects a command to a cluster of silos, without HTTP in between.</summary>
internal static class ClusterConnection
{
    public static async Task<(IGrid Grid, IAsyncDisposable Link)> ConnectAsync(string where, CancellationToken cancellation)
    {
        try
        {
            var link = await ClusterLink.ConnectAsync(where, cancellation);
            return (link.Grid, link);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"--cluster: {wrong.Message}");
        }
    }
}

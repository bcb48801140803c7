namespace Grid.Cli.Commands;

/// <summary>Stands in for the connection to a cluster in a build without Orleans.</summary>
internal static class ClusterConnection
{
    public static Task<(IGrid Grid, IAsyncDisposable Link)> ConnectAsync(string where, CancellationToken cancellation) => throw new UsageException(
        "--cluster: this build knows no clusters: build it with -p:Orleans=true (or the environment variable Orleans=true), or ask a silo over HTTP with --url.");
}

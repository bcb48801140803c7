using Grid.Cli.Cluster;
using Grid.Client;

namespace Grid.Cli.Commands;

/// <summary>The grid that a command asks, over HTTP or as a client of a cluster, and what must be let go of in the end.</summary>
internal sealed class GridLink : IAsyncDisposable
{
    private readonly GridClient? _client;
    private readonly IAsyncDisposable? _link;

    private GridLink(IGrid grid, GridClient? client, IAsyncDisposable? link) => (Grid, _client, _link) = (grid, client, link);

    public IGrid Grid { get; }

    public static async Task<GridLink> ConnectAsync(string url, string? key, string? cluster, CancellationToken cancellation)
    {
        if (cluster is not null)
        {
            var (grid, link) = await ClusterConnection.ConnectAsync(cluster, cancellation);
            return new(grid, null, link);
        }

        var client = await CommonOptions.ConnectAsync(url, key, cancellation);
        return new(client, client, null);
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return _link?.DisposeAsync() ?? default;
    }
}

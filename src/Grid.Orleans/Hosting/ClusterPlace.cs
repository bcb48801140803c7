using System.Net;

namespace Grid.Orleans;

/// <summary>Where a client finds a cluster, as a person writes it.</summary>
/// <param name="Name">What it is called in messages; connection strings are not repeated.</param>
/// <param name="Gateways">Gateways of silos, where these are named.</param>
internal sealed record ClusterPlace(string Name, IReadOnlyList<IPEndPoint> Gateways)
{
    private static readonly string[] AzureKeys = ["AccountName=", "UseDevelopmentStorage=", "TableEndpoint="];

    /// <summary>Reads a place, and puts what it says into settings.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ClusterPlace Read(string where, GridClusterOptions options)
    {
        if (where.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            (options.Clustering, options.Azure.TableServiceUri, options.Azure.ConnectionString) = (ClusteringKind.Azure, where, "");
            return new(where, []);
        }

        if (AzureKeys.Any(key => where.Contains(key, StringComparison.OrdinalIgnoreCase)))
        {
            (options.Clustering, options.Azure.ConnectionString) = (ClusteringKind.Azure, where);
            (options.Azure.BlobServiceUri, options.Azure.TableServiceUri, options.Azure.ManagedIdentityClientId) = ("", "", "");
            return new("the Azure Storage account", []);
        }

        if (where.Contains('=', StringComparison.Ordinal))
        {
            (options.Clustering, options.ConnectionString) = (ClusteringKind.AdoNet, where);
            return new("the PostgreSQL server", []);
        }

        options.Clustering = ClusteringKind.Localhost;
        return new(where, [.. where.Split(',').Select(GatewayOf)]);
    }

    private static IPEndPoint GatewayOf(string text) => IPEndPoint.TryParse(text.Trim(), out var gateway) && gateway.Port != 0
        ? gateway
        : throw new FormatException($"'{text.Trim()}' is no gateway of a silo; expected an address and a port such as 127.0.0.1:30000, "
            + "or a connection string of PostgreSQL or Azure Storage.");
}

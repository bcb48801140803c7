using System.Text.RegularExpressions;

using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Grid.Orleans;

/// <summary>Validates <see cref="AzureSettings"/>. Connection strings hold keys and are never repeated in a message.</summary>
internal static partial class AzureRules
{
    private const string Section = AzureSettings.Section;
    private const string OrConnectionString = ", or a connection string in " + Section + ":ConnectionString";

    /// <param name="azure">The settings.</param>
    /// <param name="blobs">Whether grain state is kept in the account.</param>
    /// <param name="tables">Whether members find each other through the account.</param>
    public static IEnumerable<string> Check(AzureSettings azure, bool blobs, bool tables)
    {
        if (!blobs && !tables)
        {
            return [];
        }

        var access = azure.ConnectionString.Length > 0 ? CheckConnectionString(azure) : CheckServices(azure, blobs, tables);
        return [.. access, .. CheckNames(azure)];
    }

    private static IEnumerable<string> CheckConnectionString(AzureSettings azure)
    {
        if (azure.BlobServiceUri.Length > 0 || azure.TableServiceUri.Length > 0 || azure.ManagedIdentityClientId.Length > 0)
        {
            yield return $"{Section}:ConnectionString is set beside BlobServiceUri, TableServiceUri or ManagedIdentityClientId; "
                + "expected either the connection string or the service URIs with a managed identity.";
        }

        if (!IsConnectionString(azure.ConnectionString))
        {
            yield return $"{Section}:ConnectionString: found {azure.ConnectionString.Length} characters that are no connection string of "
                + "a storage account; "
                + "expected DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net.";
        }
    }

    private static IEnumerable<string> CheckServices(AzureSettings azure, bool blobs, bool tables)
    {
        if (blobs && !IsService(azure.BlobServiceUri))
        {
            yield return Wrong("BlobServiceUri", azure.BlobServiceUri, "https://ACCOUNT.blob.core.windows.net" + OrConnectionString);
        }

        if (tables && !IsService(azure.TableServiceUri))
        {
            yield return Wrong("TableServiceUri", azure.TableServiceUri, "https://ACCOUNT.table.core.windows.net" + OrConnectionString);
        }

        if (azure.ManagedIdentityClientId.Length > 0 && !Guid.TryParse(azure.ManagedIdentityClientId, out _))
        {
            yield return Wrong(
                "ManagedIdentityClientId", azure.ManagedIdentityClientId, "the client id (a GUID) of a managed identity, or nothing");
        }
    }

    private static IEnumerable<string> CheckNames(AzureSettings azure)
    {
        if (!ContainerName().IsMatch(azure.Container))
        {
            yield return Wrong("Container", azure.Container, "3 to 63 lower-case letters, digits and single hyphens, such as grid");
        }

        if (!TableName().IsMatch(azure.Table))
        {
            yield return Wrong("Table", azure.Table, "3 to 63 letters and digits that begin with a letter, such as GridSilos");
        }
    }

    private static string Wrong(string name, string found, string expected) => $"{Section}:{name}: found '{found}', expected {expected}.";

    // A token is sent over TLS only.
    private static bool IsService(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new BlobServiceClient(text).Uri.IsAbsoluteUri && new TableServiceClient(text).Uri.IsAbsoluteUri;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return false;
        }
    }

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ContainerName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    private static partial Regex TableName();
}

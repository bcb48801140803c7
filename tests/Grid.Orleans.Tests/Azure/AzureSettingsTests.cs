using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grid.Orleans.Tests;

/// <summary>A wrong setting of the storage account is named at the start, with what was found and what is expected.</summary>
public sealed class AzureSettingsTests
{
    private const string Account =
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0LWtleS1vZi10aGUtYWNjb3VudA==;EndpointSuffix=core.windows.net";

    private const string Blobs = "BlobServiceUri=https://a.blob.core.windows.net";
    private const string Tables = "TableServiceUri=https://a.table.core.windows.net";

    [Theory]
    [InlineData("BlobServiceUri", "found ''", "https://ACCOUNT.blob.core.windows.net")]
    [InlineData("TableServiceUri", "found ''", "https://ACCOUNT.table.core.windows.net")]
    [InlineData("BlobServiceUri", "found 'http://plain'", "https://ACCOUNT.blob.core.windows.net", "BlobServiceUri=http://plain")]
    [InlineData("TableServiceUri", "found 'account'", "https://ACCOUNT.table.core.windows.net", "TableServiceUri=account")]
    [InlineData("ManagedIdentityClientId", "found 'me'", "GUID", "ManagedIdentityClientId=me")]
    [InlineData("Container", "found 'Grid_State'", "lower-case", "Container=Grid_State")]
    [InlineData("Container", "found 'a--b'", "single hyphens", "Container=a--b")]
    [InlineData("Table", "found '1-silos'", "begin with a letter", "Table=1-silos")]
    [InlineData("ConnectionString", "beside BlobServiceUri", "either the connection string or", "ConnectionString=" + Account, Tables)]
    [InlineData("ConnectionString", "found 19 characters", "AccountName=", "ConnectionString=AccountKey=c2VjcmV0")]
    public void Wrong_setting_is_named_with_what_was_found_and_what_is_expected(
        string setting, string found, string expected, params string[] settings)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read(settings));

        var fault = Assert.Single(refused.Failures, failure => failure.StartsWith($"Grid:Orleans:Azure:{setting}", StringComparison.Ordinal)
            && !failure.StartsWith($"Grid:Orleans:Azure:{setting}Service", StringComparison.Ordinal));
        Assert.Contains(found, fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectionString=" + Account)]
    [InlineData(Blobs, Tables)]
    [InlineData(Blobs, Tables, "ManagedIdentityClientId=1c7c7c3e-8e0f-4a52-8d5b-2a5a2d1f3c4d", "Container=my-grid", "Table=MySilos2")]
    public void Right_settings_are_taken(params string[] settings) => Assert.Equal(StorageKind.Azure, Read(settings).Storage);

    [Fact]
    public void Client_needs_no_blobs()
    {
        var options = Read([Tables], client: true);

        Assert.Equal(ClusteringKind.Azure, options.Clustering);
    }

    private static GridClusterOptions Read(string[] settings, bool client = false)
    {
        var values = settings.Select(setting => setting.Split('=', 2))
            .Select(pair => KeyValuePair.Create<string, string?>($"Grid:Orleans:Azure:{pair[0]}", pair[1]))
            .Append(new("Grid:Orleans:Clustering", "azure")).Append(new("Grid:Orleans:Storage", "azure"));
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build().ReadGridCluster(client);
    }
}

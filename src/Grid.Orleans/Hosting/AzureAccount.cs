using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace Grid.Orleans;

/// <summary>
/// Makes clients of a cluster's storage account, with a connection string or with a managed identity. Calls are retried for a few seconds,
/// not for minutes.
/// </summary>
internal sealed class AzureAccount(AzureSettings settings)
{
    private readonly Lazy<TokenCredential> _credential = new(() => new DefaultAzureCredential(OptionsOf(settings)));

    public AzureSettings Settings => settings;

    public bool HasConnectionString => settings.ConnectionString.Length > 0;

    public BlobServiceClient Blobs()
    {
        var options = Bounded(new BlobClientOptions());
        return HasConnectionString
            ? new(settings.ConnectionString, options)
            : new(new Uri(settings.BlobServiceUri), _credential.Value, options);
    }

    public TableServiceClient Tables()
    {
        var options = Bounded(new TableClientOptions());
        return HasConnectionString
            ? new(settings.ConnectionString, options)
            : new(new Uri(settings.TableServiceUri), _credential.Value, options);
    }

    private static DefaultAzureCredentialOptions OptionsOf(AzureSettings settings)
    {
        var options = new DefaultAzureCredentialOptions();
        if (settings.ManagedIdentityClientId.Length > 0)
        {
            options.ManagedIdentityClientId = settings.ManagedIdentityClientId;
            options.WorkloadIdentityClientId = settings.ManagedIdentityClientId;
        }

        return options;
    }

    private static T Bounded<T>(T options)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        return options;
    }
}

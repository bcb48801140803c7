using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

using Orleans.Clustering.AzureStorage;

namespace Grid.Orleans;

/// <summary>A cluster on an Azure Storage account: grain state in blobs, members in a table.</summary>
internal static class AzureStorage
{
    public static void AddState(ISiloBuilder silo, AzureSettings settings)
    {
        var account = AddAccount(silo.Services, settings, blobs: true);
        silo.AddAzureBlobGrainStorage(StatePlace.Provider, storage =>
        {
            storage.BlobServiceClient = account.Blobs();
            storage.ContainerName = settings.Container;
            storage.GrainStorageSerializer = new StoredBytesSerializer();
        });
    }

    public static void AddMembers(ISiloBuilder silo, AzureSettings settings)
    {
        var account = AddAccount(silo.Services, settings, tables: true);
        silo.UseAzureStorageClustering((AzureStorageClusteringOptions members) => Apply(members, account));
    }

    public static void AddMembers(IClientBuilder client, AzureSettings settings)
    {
        var account = AddAccount(client.Services, settings, tables: true);
        client.UseAzureStorageClustering((AzureStorageGatewayOptions members) => Apply(members, account));
    }

    private static AzureAccount AddAccount(IServiceCollection services, AzureSettings settings, bool blobs = false, bool tables = false)
    {
        var account = new AzureAccount(settings);
        services.AddSingleton<IHostedService>(new AzureCheck(account, blobs, tables, GridClock.Default));
        return account;
    }

    private static void Apply(AzureStorageOperationOptions members, AzureAccount account) =>
        (members.TableServiceClient, members.TableName) = (account.Tables(), account.Settings.Table);
}

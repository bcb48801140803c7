namespace Grid.Orleans;

/// <summary>Grain state in Azure Storage. Not every registry carries the provider: <c>-p:OrleansAzure=true</c> builds with it.</summary>
internal static class AzureState
{
#if ORLEANS_AZURE
    public static void Add(ISiloBuilder silo, GridClusterOptions options) => silo.AddAzureBlobGrainStorage(StatePlace.Provider, storage =>
    {
        storage.BlobServiceClient = new(options.StorageConnectionString);
        storage.ContainerName = "grid";
        storage.GrainStorageSerializer = new StoredBytesSerializer();
    });
#else
    public static void Add(ISiloBuilder silo, GridClusterOptions options) => throw new NotSupportedException(
        "This build has no Azure provider: build it with -p:OrleansAzure=true where Microsoft.Orleans.Persistence.AzureStorage can be had, or choose storage log or adonet.");
#endif
}

namespace Grid.Orleans;

/// <summary>Grain state in Azure Storage.</summary>
internal static class AzureState
{
    public static void Add(ISiloBuilder silo, GridClusterOptions options) => silo.AddAzureBlobGrainStorage(StatePlace.Provider, storage =>
    {
        storage.BlobServiceClient = new(options.StorageConnectionString);
        storage.ContainerName = "grid";
        storage.GrainStorageSerializer = new StoredBytesSerializer();
    });
}

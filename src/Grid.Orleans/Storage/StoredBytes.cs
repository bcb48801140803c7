namespace Grid.Orleans;

/// <summary>What grain state is to Orleans' storage providers: bytes in our own format.</summary>
[GenerateSerializer]
[Alias("grid.stored")]
internal sealed class StoredBytes
{
    [Id(0)]
    public byte[] Bytes { get; set; } = [];
}

/// <summary>Where grain state is kept: one place of one name for all.</summary>
internal sealed record StatePlace(string StateName) : IPersistentStateConfiguration
{
    /// <summary>The name that the storage provider is registered under.</summary>
    public const string Provider = "grid";

    public string StorageName => Provider;
}

/// <summary>How grains write the one value that they keep.</summary>
internal static class StoredBytesState
{
    /// <summary>Writes it. Where that fails the activation is given up: what it has in memory is not what is stored.</summary>
    public static async Task WriteAsync(this IPersistentState<StoredBytes> state, byte[] bytes, IGrainBase owner)
    {
        state.State = new() { Bytes = bytes };
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            owner.DeactivateOnIdle();
            throw;
        }
    }
}

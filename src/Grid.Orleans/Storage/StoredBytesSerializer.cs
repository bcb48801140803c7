using Orleans.Storage;

namespace Grid.Orleans;

/// <summary>Hands our own bytes to a storage provider as they are.</summary>
internal sealed class StoredBytesSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => input is StoredBytes stored
        ? new(stored.Bytes)
        : throw new NotSupportedException($"Only {nameof(StoredBytes)} is stored, not {typeof(T)}.");

    public T Deserialize<T>(BinaryData input) => new StoredBytes { Bytes = input.ToArray() } is T stored
        ? stored
        : throw new NotSupportedException($"Only {nameof(StoredBytes)} is stored, not {typeof(T)}.");
}

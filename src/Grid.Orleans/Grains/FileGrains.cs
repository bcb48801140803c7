namespace Grid.Orleans;

/// <summary>Where entities are grain state: the list of files of batch features. There is one.</summary>
internal interface IFileListGrain : IGrainWithIntegerKey
{
    /// <summary>The list as it is stored, read anew.</summary>
    Task<byte[]> ReadAsync();

    /// <summary>Adds a file without a moment; its bytes follow.</summary>
    /// <returns>Its number.</returns>
    Task<long> BeginAsync(string kind, string[] features, int bytes, int chunks, uint checksum, long putMilliseconds);

    /// <summary>Gives a file a moment of its own; -1 where there is none of that number that is not sure.</summary>
    Task<long> NameAsync(long id, long earliest);

    Task<bool> MakeSureAsync(long id, long known);

    Task UnnameAsync(long id, long known);

    /// <summary>Takes a file off the list.</summary>
    /// <returns>How many chunks it has; 0 where there is none of that number.</returns>
    Task<int> RemoveAsync(long id);
}

/// <summary>Where entities are grain state: a part of a file's bytes. Its key is the file's number, a slash, and the part's place.</summary>
internal interface IFileChunkGrain : IGrainWithStringKey
{
    Task PutAsync(byte[] bytes);

    Task<byte[]?> GetAsync();

    Task ClearAsync();
}

/// <inheritdoc cref="IFileListGrain"/>
[GrainType("files")]
internal sealed class FileListGrain(IGrainContext activation, IPersistentStateFactory states) : Grain, IFileListGrain
{
    private readonly IPersistentState<StoredBytes> _state = states.Create<StoredBytes>(activation, new StatePlace("files"));
    private List<StoredFile> _files = [];
    private long _next = 1;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Take();
        return Task.CompletedTask;
    }

    public async Task<byte[]> ReadAsync()
    {
        // From the storage, for there may be another activation while silos have lost sight of each other.
        await _state.ReadStateAsync();
        Take();
        return _state.State?.Bytes ?? [];
    }

    public async Task<long> BeginAsync(string kind, string[] features, int bytes, int chunks, uint checksum, long putMilliseconds)
    {
        var id = _next++;
        _files.Add(new(id, putMilliseconds, null, false, kind, features, bytes, chunks, checksum));
        await WriteAsync();
        return id;
    }

    public async Task<long> NameAsync(long id, long earliest)
    {
        var place = _files.FindIndex(file => file.Id == id && !file.Sure);
        if (place < 0)
        {
            return -1;
        }

        var last = _files.Where(file => file.Id != id).Max(file => file.Known?.UnixMilliseconds) ?? 0;
        var known = Math.Max(earliest, last + 1);
        _files[place] = _files[place] with { Known = EventTime.FromUnixMilliseconds(known) };
        await WriteAsync();
        return known;
    }

    public Task<bool> MakeSureAsync(long id, long known) => ChangeAsync(id, known, file => file with { Sure = true });

    public Task UnnameAsync(long id, long known) => ChangeAsync(id, known, file => file.Sure ? file : file with { Known = null });

    public async Task<int> RemoveAsync(long id)
    {
        if (_files.Find(file => file.Id == id) is not { } removed)
        {
            return 0;
        }

        _files.Remove(removed);
        await WriteAsync();
        return removed.Chunks;
    }

    private async Task<bool> ChangeAsync(long id, long known, Func<StoredFile, StoredFile> change)
    {
        var place = _files.FindIndex(file => file.Id == id && file.Known?.UnixMilliseconds == known);
        if (place < 0)
        {
            return false;
        }

        _files[place] = change(_files[place]);
        await WriteAsync();
        return true;
    }

    private void Take() => (_next, _files) = StoredFileList.Read(_state.State?.Bytes);

    private Task WriteAsync() => _state.WriteAsync(StoredFileList.Write(_next, _files), this);
}

/// <inheritdoc cref="IFileChunkGrain"/>
[GrainType("filechunk")]
internal sealed class FileChunkGrain(IGrainContext activation, IPersistentStateFactory states) : Grain, IFileChunkGrain
{
    private readonly IPersistentState<StoredBytes> _state = states.Create<StoredBytes>(activation, new StatePlace("chunk"));

    public async Task PutAsync(byte[] bytes)
    {
        DeactivateOnIdle(); // It is asked seldom, and takes room: so with each call.
        _state.State = new() { Bytes = bytes };
        await _state.WriteStateAsync();
    }

    public Task<byte[]?> GetAsync()
    {
        DeactivateOnIdle();
        return Task.FromResult(_state.State is { Bytes.Length: > 0 } stored ? stored.Bytes : null);
    }

    public Task ClearAsync()
    {
        DeactivateOnIdle();
        return _state.ClearStateAsync();
    }
}

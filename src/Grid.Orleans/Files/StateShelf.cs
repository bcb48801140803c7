using System.Globalization;
using Grid.Features.Binary;
using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>Files as grain state: a list in one grain, and each file's bytes in as many grains as they need, for providers do not take a value of any size.</summary>
internal sealed class StateShelf(IGrainFactory grains, TimeProvider time) : IFileShelf
{
    /// <summary>The most bytes in one grain.</summary>
    public const int ChunkBytes = 512 << 10;

    private IFileListGrain Entries => grains.GetGrain<IFileListGrain>(0);

    public async Task<IReadOnlyList<LogFile>> ListAsync(CancellationToken cancellation) =>
        [.. (await ReadAsync().ConfigureAwait(false)).Where(file => file.Known is not null).OrderBy(file => file.Known)
            .Select(file => new LogFile(file.Id, file.Known!.Value, file.Sure, file.Kind, file.Features))];

    public async Task<byte[]?> ReadAsync(LogFile file, CancellationToken cancellation)
    {
        if ((await ReadAsync().ConfigureAwait(false)).Find(one => one.Id == file.Id) is not { } entry)
        {
            return null;
        }

        var body = new byte[entry.Bytes];
        var read = 0;
        for (var chunk = 0; chunk < entry.Chunks; chunk++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await ChunkOf(entry.Id, chunk).GetAsync().ConfigureAwait(false) is not { } bytes || bytes.Length > body.Length - read)
            {
                break;
            }

            bytes.CopyTo(body, read);
            read += bytes.Length;
        }

        if (read == body.Length && Checksum.Of(body) == entry.Checksum)
        {
            return body;
        }

        var stillThere = (await ReadAsync().ConfigureAwait(false)).Exists(one => one.Id == file.Id);
        return stillThere ? throw new InvalidDataException($"File {file.Id} of batch features of {file.Kind} in the grain state is corrupt: {read} of {body.Length} bytes are there, or its checksum does not fit.") : null;
    }

    public async Task<long> PutAsync(BatchFile file, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var chunks = (body.Length + ChunkBytes - 1) / ChunkBytes;
        var id = await Entries.BeginAsync(file.Kind, [.. file.Features], body.Length, chunks, Checksum.Of(body.Span), time.GetUtcNow().ToUnixTimeMilliseconds()).ConfigureAwait(false);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var bytes = body[(chunk * ChunkBytes)..Math.Min((chunk + 1) * ChunkBytes, body.Length)];
            await ChunkOf(id, chunk).PutAsync(bytes.ToArray()).ConfigureAwait(false);
        }

        return id;
    }

    public async Task<EventTime?> NameAsync(long id, EventTime earliest, CancellationToken cancellation) =>
        await Entries.NameAsync(id, earliest.UnixMilliseconds).ConfigureAwait(false) is >= 0 and var known ? EventTime.FromUnixMilliseconds(known) : null;

    public Task<bool> MakeSureAsync(long id, EventTime known, CancellationToken cancellation) => Entries.MakeSureAsync(id, known.UnixMilliseconds);

    public Task UnnameAsync(long id, EventTime known, CancellationToken cancellation) => Entries.UnnameAsync(id, known.UnixMilliseconds);

    public async Task DeleteAsync(long id, CancellationToken cancellation)
    {
        var chunks = await Entries.RemoveAsync(id).ConfigureAwait(false); // First, so that nobody looks for chunks that are gone.
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            await ChunkOf(id, chunk).ClearAsync().ConfigureAwait(false);
        }
    }

    public async Task DeleteLeftAsync(TimeSpan olderThan, CancellationToken cancellation)
    {
        var before = (time.GetUtcNow() - olderThan).ToUnixTimeMilliseconds();
        foreach (var file in (await ReadAsync().ConfigureAwait(false)).Where(file => file.Known is null && file.PutMilliseconds < before))
        {
            await DeleteAsync(file.Id, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<List<StoredFile>> ReadAsync() => StoredFileList.Read(await Entries.ReadAsync().ConfigureAwait(false)).Files;

    private IFileChunkGrain ChunkOf(long id, int chunk) => grains.GetGrain<IFileChunkGrain>(string.Create(CultureInfo.InvariantCulture, $"{id}/{chunk}"));
}

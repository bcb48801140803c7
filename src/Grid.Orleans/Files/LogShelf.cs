using Grid.Features.Binary;
using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>Files in a table of the event log.</summary>
internal sealed class LogShelf(LogStorage storage) : IFileShelf
{
    private LogFiles Files => storage.Log.Files;

    public Task<IReadOnlyList<LogFile>> ListAsync(CancellationToken cancellation) => Files.ListAsync(cancellation);

    public async Task<byte[]?> ReadAsync(LogFile file, CancellationToken cancellation)
    {
        if (await Files.ReadAsync(file.Id, cancellation).ConfigureAwait(false) is not { } read)
        {
            return null;
        }

        return Checksum.Of(read.Body) == read.Checksum
            ? read.Body
            : throw new InvalidDataException($"File {file.Id} of batch features of {file.Kind} in table grid_log.files is corrupt: its checksum does not fit.");
    }

    public Task<long> PutAsync(BatchFile file, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        Files.PutAsync(file.Kind, file.Features, Checksum.Of(body.Span), body, cancellation);

    public Task<EventTime?> NameAsync(long id, EventTime earliest, CancellationToken cancellation) => Files.NameAsync(id, earliest, cancellation);

    public Task<bool> MakeSureAsync(long id, EventTime known, CancellationToken cancellation) => Files.MakeSureAsync(id, known, cancellation);

    public Task UnnameAsync(long id, EventTime known, CancellationToken cancellation) => Files.UnnameAsync(id, known, cancellation);

    public Task DeleteAsync(long id, CancellationToken cancellation) => Files.DeleteAsync(id, cancellation);

    public Task DeleteLeftAsync(TimeSpan olderThan, CancellationToken cancellation) => Files.DeleteLeftAsync(olderThan, cancellation);
}

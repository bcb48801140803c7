using Grid.Decisions.Hosting;
using Grid.Decisions.Plans;
using Grid.Features.State.Loaded;
using Grid.Postgres;

using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>Takes in files of batch features, in whatever silo they come in: checked as a whole, kept as a whole, and then seen by every silo from one moment on.</summary>
internal sealed class FileLoader(Bundle bundle, GridClusterOptions options, TimeProvider time, IFileShelf shelf, ClusterFiles files, ILogger log)
{
    /// <summary>The most bytes that a file may have, as a message between silos. Orleans takes messages of 100 MiB.</summary>
    public const int MostBytes = 64 << 20;

    private const int MostTries = 6;
    private static readonly TimeSpan LostAfter = TimeSpan.FromHours(1);

    private EventTime Now => EventTime.From(time.GetUtcNow());

    /// <exception cref="GridException">The file is at fault, and nothing was loaded; or the storage does not take it.</exception>
    public async Task<BatchReceipt> LoadAsync(BatchFile file)
    {
        var kind = bundle.Definitions.Kinds.FirstOrDefault(one => one.Name == file.Kind)
            ?? throw GridException.Unknown("kind", file.Kind, bundle.Definitions.Kinds.Select(one => one.Name).Order());
        var batch = BatchCheck.Make(file, kind, Now);
        var body = Formats.Write(Formats.Batch, file).ToArray();
        CheckSize(file, body.Length);
        EventTime known;
        try
        {
            known = await KeepAsync(file, body).ConfigureAwait(false);
        }
        catch (Exception e) when (IFileShelf.IsOfStorage(e))
        {
            throw GridException.Unavailable($"Whether the file was loaded is not known: {e.Message} Loading it again is safe.", e);
        }

        await TidyAsync().ConfigureAwait(false);
        return BatchCheck.ReceiptOf(batch.SeenFrom(known));
    }

    /// <exception cref="GridException">The file is too large to travel.</exception>
    public static void CheckSize(BatchFile file, int bytes)
    {
        if (bytes > MostBytes)
        {
            throw GridException.Invalid(new("rows", $"{file.Rows.Count} rows of {bytes} bytes in all", $"at most {MostBytes} bytes: load the features in several files, each with all of its entities"));
        }
    }

    /// <summary>A file that is not there soon enough for every silo to find it before its moment gets another, further ahead.</summary>
    private async Task<EventTime> KeepAsync(BatchFile file, byte[] body)
    {
        var id = await shelf.PutAsync(file, body, CancellationToken.None).ConfigureAwait(false);
        var ahead = options.FilesAhead;
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (await shelf.NameAsync(id, After(ahead), CancellationToken.None).ConfigureAwait(false) is not { } known)
            {
                break;
            }

            if (Now <= Before(known) && await shelf.MakeSureAsync(id, known, CancellationToken.None).ConfigureAwait(false))
            {
                return known;
            }

            await shelf.UnnameAsync(id, known, CancellationToken.None).ConfigureAwait(false);
            ahead *= 2;
        }

        await shelf.DeleteAsync(id, CancellationToken.None).ConfigureAwait(false);
        throw new LogUnavailableException("The storage took too long to write where the file is; it was taken back.", outcomeUnknown: false);
    }

    /// <summary>Knows the new file here at once, and deletes what is kept no more. If that fails, whoever loads the next does it.</summary>
    private async Task TidyAsync()
    {
        try
        {
            await files.LookAsync().ConfigureAwait(false);
            foreach (var old in Unkept(await shelf.ListAsync(CancellationToken.None).ConfigureAwait(false)))
            {
                await shelf.DeleteAsync(old.Id, CancellationToken.None).ConfigureAwait(false);
            }

            await shelf.DeleteLeftAsync(LostAfter, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is GridException || IFileShelf.IsOfStorage(e))
        {
            ClusterLog.FilesNotTidied(log, e.Message);
        }
    }

    // By names, not by what this silo's bundle makes of them: another silo's bundle may have features that this one does not know.
    private static IEnumerable<LogFile> Unkept(IReadOnlyList<LogFile> listed)
    {
        var sure = listed.Where(file => file.Sure).ToList();
        return sure.Where((old, place) =>
            sure.Skip(place + 1).Count(newer => newer.Kind == old.Kind && old.Features.All(newer.Features.Contains)) >= LoadedBatches.MostKept);
    }

    private EventTime After(TimeSpan ahead) => EventTime.From(time.GetUtcNow() + ahead);

    // A look promises half the time for which a file lies ahead; the quarter more is for clocks that differ.
    private EventTime Before(EventTime known) => EventTime.FromUnixMilliseconds(known.UnixMilliseconds - (long)(options.FilesAhead * 0.75).TotalMilliseconds);
}

using Grid.Decisions.Hosting;
using Grid.Features.State.Loaded;
using Grid.Json;

namespace Grid.Engine;

/// <summary>Takes in files of batch features, one after another: checked as a whole, written to the disk as a whole, and then seen as a whole.</summary>
internal sealed class BatchLoader(EngineCore core) : IDisposable
{
    /// <summary>
    /// How far ahead of the clock a file is seen. A call reads at its own moment, so one that began before reads what was there before from every owner that
    /// it asks, and one that begins after finds the file with every owner.
    /// </summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);

    /// <param name="file">The file.</param>
    /// <param name="seenFrom">From when on it is seen: after the one before, so a replay loads files as they were loaded then. Null is just ahead of the clock.</param>
    /// <exception cref="GridException">The file or the moment is at fault, or the disk does not take it; nothing was loaded.</exception>
    public async Task<BatchReceipt> LoadAsync(BatchFile file, EventTime? seenFrom)
    {
        if (!core.KindsByName.TryGetValue(file.Kind, out var kind))
        {
            throw GridException.Unknown("kind", file.Kind, core.KindsByName.Keys.Order());
        }

        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            var batch = BatchCheck.Make(file, kind, seenFrom ?? Now());
            var body = BatchJson.Write(file).ToArray();
            return seenFrom is { } known
                ? await WriteAsync(file, batch, body, known).ConfigureAwait(false)
                : await WriteAheadAsync(file, batch, body).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<BatchReceipt> WriteAsync(BatchFile file, LoadedBatch batch, byte[] body, EventTime known)
    {
        if (LastKnown is { } last && known <= last)
        {
            throw GridException.Invalid(new("seen from", known.ToString(), $"a moment after {last}, when the file before began to be seen"));
        }

        await core.Journal.WriteAsync(database => StoredFiles.Write(database, file, known, body)).ConfigureAwait(false);
        return Publish(batch);
    }

    private async Task<BatchReceipt> WriteAheadAsync(BatchFile file, LoadedBatch batch, byte[] body)
    {
        EventTime? before = null;
        for (var ahead = Ahead; ; ahead *= 4)
        {
            var known = After(ahead);
            var late = before;
            var written = new OtherWork(database =>
            {
                if (late is { } old)
                {
                    StoredFiles.Delete(database, old);
                }

                StoredFiles.Write(database, file, known, body);
            });
            core.Journal.Add(written);
            await written.Task.ConfigureAwait(false);
            if (Now() < known)
            {
                return Publish(batch.SeenFrom(known));
            }

            before = known; // The disk took longer: its moment has passed, and calls have begun since that did not see it.
        }
    }

    private BatchReceipt Publish(LoadedBatch batch)
    {
        foreach (var old in core.Loaded.Add(batch))
        {
            core.Journal.Add(new OtherWork(database => StoredFiles.Delete(database, old.Known)));
        }

        return BatchCheck.ReceiptOf(batch);
    }

    // Each is seen after the one before, and has a moment of its own.
    private EventTime After(TimeSpan ahead)
    {
        var ours = Now().UnixMilliseconds + (long)ahead.TotalMilliseconds;
        return EventTime.FromUnixMilliseconds(LastKnown is { } last ? Math.Max(ours, last.UnixMilliseconds + 1) : ours);
    }

    private EventTime? LastKnown => core.Loaded.Files.Count == 0 ? null : core.Loaded.Files[^1].Known;

    private EventTime Now() => EventTime.From(core.Time.GetUtcNow());
}

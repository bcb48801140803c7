using Grid.Decisions;
using Grid.Features;
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

    /// <exception cref="GridException">The file is at fault, or the disk does not take it; nothing was loaded.</exception>
    public async Task<BatchReceipt> LoadAsync(BatchFile file)
    {
        if (!core.KindsByName.TryGetValue(file.Kind, out var kind))
        {
            throw GridException.Unknown("kind", file.Kind, core.KindsByName.Keys.Order());
        }

        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            var batch = BatchCheck.Make(file, kind, Now());
            return await WriteAsync(file, batch, BatchJson.Write(file).ToArray()).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<BatchReceipt> WriteAsync(BatchFile file, LoadedBatch batch, byte[] body)
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
        var last = core.Loaded.Files.Count == 0 ? 0 : core.Loaded.Files[^1].Known.UnixMilliseconds;
        return EventTime.FromUnixMilliseconds(Math.Max(Now().UnixMilliseconds + (long)ahead.TotalMilliseconds, last + 1));
    }

    private EventTime Now() => EventTime.From(core.Time.GetUtcNow());
}

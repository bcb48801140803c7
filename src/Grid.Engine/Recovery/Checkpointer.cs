using System.Runtime.InteropServices;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>
/// Writes changed entities as snapshots, so that a start has little to read; puts idle entities away; moves the index of ids to the disk; and
/// lets go of what is older than the retention time. One run at a time.
/// </summary>
internal sealed class Checkpointer(EngineCore core, CheckpointThrottle pace, long retentionMilliseconds)
{
    private const int Slice = 128;
    private const int IdsAtOnce = 256;
    private const int WorksAtOnce = 16;
    private const int IdsInMemory = 1 << 15;

    private readonly OldRecords _old = new(core, pace, retentionMilliseconds);

    /// <returns>True where the next start need not read anything before this run.</returns>
    /// <exception cref="GridException">The journal failed meanwhile.</exception>
    public async Task<bool> RunAsync(bool putAway)
    {
        var generation = core.Generation;
        var settled = await core.Journal.SettleAsync().ConfigureAwait(false);
        await MoveIdsAsync(settled).ConfigureAwait(false);
        await TouchTailAsync().ConfigureAwait(false);
        var complete = true;
        foreach (var shard in core.Shards)
        {
            complete &= await new EntitySaver(core, shard, pace).RunAsync(settled, putAway).ConfigureAwait(false);
        }

        if (complete && generation == core.Generation)
        {
            await FinishAsync(settled).ConfigureAwait(false);
        }

        return complete;
    }

    private async Task TouchTailAsync()
    {
        if (core.Tail.IsEmpty)
        {
            return;
        }

        foreach (var group in core.Tail.Entities.GroupBy(told => core.ShardOf(told.Kind, told.Key)).ToList())
        {
            foreach (var some in group.Chunk(Slice))
            {
                await ShardTask.RunAsync(group.Key, pace.Timed(shard =>
                {
                    foreach (var told in some)
                    {
                        shard.Entities.Touch(told.Kind, told.Key);
                    }

                    return false;
                })).ConfigureAwait(false);
                await pace.RestAsync().ConfigureAwait(false);
            }
        }

        core.Tail.NoteIfEmpty();
    }

    private async Task FinishAsync(long settled)
    {
        var waiting = core.Ids.CollectWaiting();
        await core.Journal.WriteAsync(database =>
        {
            database.Run("DELETE FROM waiting");
            using var put = database.Prepare("INSERT INTO waiting VALUES($0)", 1);
            foreach (var label in waiting.Where(label => label.Position <= settled))
            {
                put.Parameters[0].Value = label.Position;
                put.ExecuteNonQuery();
            }

            database.WriteMeta(Recovery.TailMeta, settled + 1);
            database.WriteMeta(Recovery.LayoutMeta, StateLayout.Fingerprint(core.Bundle.Definitions));
        }).ConfigureAwait(false);
        await _old.ForgetAsync(settled).ConfigureAwait(false);
    }

    /// <summary>
    /// Moves ids to the disk: first of all, for there are more of them than of anything else in memory while a checkpoint lasts; and some stripes at a time, so that no
    /// second copy of all of them is made.
    /// </summary>
    private async Task MoveIdsAsync(long settled)
    {
        var generation = core.Generation;
        var ids = new List<(ulong Key, long Position)>();
        for (var first = 0; first < IdIndex.Stripes;)
        {
            var end = first;
            for (ids.Clear(); end < IdIndex.Stripes && ids.Count < IdsInMemory; end++)
            {
                core.Ids.CollectUpTo(end, settled, ids);
            }

            ids.Sort();
            await WriteIdsAsync(ids).ConfigureAwait(false);
            if (generation != core.Generation)
            {
                return;
            }

            for (var from = 0; first < end; first++)
            {
                var to = ids.FindIndex(from, id => id.Key >> 58 != (ulong)first) is var next and >= 0 ? next : ids.Count;
                NoteStored(first, CollectionsMarshal.AsSpan(ids)[from..to]);
                core.Ids.DropUpTo(first, settled);
                from = to;
            }
        }
    }

    /// <summary>Reads which ids of a stripe are on disk, where that is not known yet. Not while a checkpoint runs.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    public void ReadIds(int stripe)
    {
        if (!core.StoredIds.IsRead(stripe))
        {
            NoteStored(stripe, []);
        }
    }

    private void NoteStored(int stripe, ReadOnlySpan<(ulong Key, long Position)> ids)
    {
        if (core.StoredIds.TryAdd(stripe, ids))
        {
            return;
        }

        var reader = core.Readers.Take();
        try
        {
            core.StoredIds.Read(reader, stripe);
        }
        finally
        {
            core.Readers.Give(reader);
        }
    }

    private async Task WriteIdsAsync(List<(ulong Key, long Position)> ids)
    {
        var works = new List<Task>();
        for (var first = 0; first < ids.Count; first += IdsAtOnce)
        {
            var (from, to) = (first, Math.Min(ids.Count, first + IdsAtOnce));
            works.Add(core.Journal.WriteAsync(database =>
            {
                for (var i = from; i < to; i++)
                {
                    database.InsertId(ids[i].Key, ids[i].Position);
                }
            }));
            if (works.Count == WorksAtOnce || to == ids.Count)
            {
                await Task.WhenAll(works).ConfigureAwait(false);
                works.Clear();
                await pace.RestAsync().ConfigureAwait(false);
            }
        }
    }
}

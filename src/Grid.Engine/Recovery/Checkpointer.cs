using System.Buffers;

using Grid.Decisions;
using Grid.Features;

namespace Grid.Engine;

/// <summary>
/// Writes changed entities as snapshots, so that a start has little to read; puts idle entities away; moves the index of ids to the disk; and
/// lets go of what is older than the retention time. One run at a time.
/// </summary>
internal sealed class Checkpointer(EngineCore core, long retentionMilliseconds)
{
    private const int Slice = 128;
    private const int IdsAtOnce = 2_000;
    private const int Rounds = 3;

    /// <returns>True where the next start need not read anything before this run.</returns>
    /// <exception cref="GridException">The journal failed meanwhile.</exception>
    public async Task<bool> RunAsync(bool putAway)
    {
        var generation = core.Generation;
        var settled = await core.Journal.SettleAsync().ConfigureAwait(false);
        var limit = settled;
        await TouchTailAsync().ConfigureAwait(false);
        var complete = true;
        foreach (var shard in core.Shards)
        {
            var missed = await SaveAsync(shard, limit, putAway).ConfigureAwait(false);
            for (var round = 0; missed > 0 && round < Rounds; round++)
            {
                // Entities that took something in after the last look: look again, with a later limit.
                limit = await core.Journal.SettleAsync().ConfigureAwait(false);
                missed = await SaveAsync(shard, limit, putAway: false).ConfigureAwait(false);
            }

            complete &= missed == 0;
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
            var rest = new Queue<Told>(group);
            await ShardTask.RunAsync(group.Key, shard =>
            {
                for (var i = 0; i < Slice && rest.TryDequeue(out var told); i++)
                {
                    shard.Entities.Touch(told.Kind, told.Key);
                }

                return rest.Count > 0;
            }).ConfigureAwait(false);
        }

        core.Tail.NoteIfEmpty();
    }

    /// <summary>Saves a shard's changed entities whose state includes nothing after the limit.</summary>
    /// <returns>How many were left out because they do.</returns>
    private async Task<int> SaveAsync(Shard shard, long limit, bool putAway)
    {
        var works = new List<SnapshotWork>();
        var missed = 0;
        List<EntityHandle>? handles = null;
        var next = 0;
        var idleBefore = 0;
        await ShardTask.RunAsync(shard, on =>
        {
            if (handles is null)
            {
                handles = HandlesOf(on.Entities.Store);
                idleBefore = putAway ? IdleBefore(on.Entities, handles) : -1;
            }

            var saved = new List<SavedEntity>();
            for (var end = Math.Min(next + Slice, handles.Count); next < end; next++)
            {
                missed += Visit(on.Entities, handles[next], limit, idleBefore, saved);
            }

            foreach (var chunk in saved.Chunk(SnapshotWork.Most))
            {
                var work = new SnapshotWork(chunk);
                works.Add(work);
                core.Journal.Add(work);
            }

            return next < handles.Count;
        }).ConfigureAwait(false);

        if (works.Count > 0)
        {
            await Task.WhenAll(works.Select(work => work.Task)).ConfigureAwait(false);
            core.HasSnapshots = true;
            await NoteSavedAsync(shard, works).ConfigureAwait(false);
        }

        return missed;
    }

    private static List<EntityHandle> HandlesOf(EntityStore store)
    {
        var handles = new List<EntityHandle>(store.Count);
        for (var entity = store.Next(EntityHandle.None); entity.Exists; entity = store.Next(entity))
        {
            handles.Add(entity);
        }

        return handles;
    }

    private int Visit(ShardEntities entities, EntityHandle entity, long limit, int idleBefore, List<SavedEntity> saved)
    {
        if (entities.IsDirty(entity))
        {
            var position = entities.Store.Position(entity);
            if (position > limit)
            {
                return 1;
            }

            var state = new ArrayBufferWriter<byte>();
            entities.Store.WriteSnapshot(entity, state);
            var kind = core.Bundle.Definitions.Kinds[entities.Store.KindOf(entity)].Name;
            saved.Add(new(entity, kind, entities.Store.KeyOf(entity), position, state.WrittenSpan.ToArray()));
        }
        else if (entities.TouchedAt(entity) < idleBefore)
        {
            entities.Store.Remove(entity);
            core.Metrics.PutAway();
        }

        return 0;
    }

    /// <summary>Entities last touched before this are put away: those idle for long, and with too many in memory the longest idle ones.</summary>
    private int IdleBefore(ShardEntities entities, List<EntityHandle> handles)
    {
        var before = core.CoarseTime - (int)Math.Min(core.Options.IdleAfter.TotalSeconds * 2, int.MaxValue / 2);
        var most = Math.Max(1, core.Options.MaxResidentEntities / core.Shards.Count);
        if (handles.Count > most)
        {
            var touched = handles.Select(entities.TouchedAt).ToArray();
            Array.Sort(touched);
            before = Math.Max(before, touched[handles.Count - most - 1] + 1);
        }

        return before;
    }

    private static Task NoteSavedAsync(Shard shard, List<SnapshotWork> works)
    {
        var next = 0;
        var store = shard.Entities;
        return ShardTask.RunAsync(shard, on =>
        {
            // Handles of a store that was dropped meanwhile mean nothing any more.
            if (ReferenceEquals(on.Entities, store))
            {
                for (var end = Math.Min(next + (Slice / SnapshotWork.Most), works.Count); next < end; next++)
                {
                    foreach (var saved in works[next].Entities)
                    {
                        on.Entities.Saved(saved.Entity, saved.Position);
                    }
                }

                return next < works.Count;
            }

            return false;
        });
    }

    private async Task FinishAsync(long settled)
    {
        var ids = core.Ids.CollectUpTo(settled);
        foreach (var chunk in ids.Chunk(IdsAtOnce))
        {
            await WriteAsync(database =>
            {
                using var put = database.Prepare("INSERT OR IGNORE INTO ids VALUES($0, $1)", 2);
                foreach (var (key, position) in chunk)
                {
                    put.Parameters[0].Value = (long)key;
                    put.Parameters[1].Value = position;
                    put.ExecuteNonQuery();
                }
            }).ConfigureAwait(false);
        }

        var waiting = core.Ids.CollectWaiting();
        await WriteAsync(database =>
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
        core.HasStoredIds |= ids.Count > 0;
        core.Ids.DropUpTo(settled);
        await ForgetOldAsync(settled).ConfigureAwait(false);
    }

    /// <summary>Deletes batches that are wholly older than the retention time, a few at a time, and the ids that point into them.</summary>
    private Task ForgetOldAsync(long settled) => WriteAsync(database =>
    {
        using var newest = database.Prepare("SELECT max(latest) FROM batches", 0);
        if (newest.ExecuteScalar() is not long latest)
        {
            return;
        }

        var now = Math.Min(latest, core.Time.GetUtcNow().ToUnixTimeMilliseconds());
        using var old = database.Prepare("SELECT first, count FROM batches ORDER BY first LIMIT 64", 0);
        using var find = database.Prepare("SELECT count(*) FROM batches WHERE first = $0 AND latest < $1", 2);
        var last = 0L;
        using (var row = old.ExecuteReader())
        {
            while (row.Read())
            {
                var (first, end) = (row.GetInt64(0), row.GetInt64(0) + row.GetInt64(1) - 1);
                find.Parameters[0].Value = first;
                find.Parameters[1].Value = now - retentionMilliseconds;
                if (end > settled || (long)find.ExecuteScalar()! == 0)
                {
                    break;
                }

                last = end;
            }
        }

        if (last > 0)
        {
            using var deleteBatches = database.Prepare("DELETE FROM batches WHERE first <= $0", 1);
            deleteBatches.Parameters[0].Value = last;
            deleteBatches.ExecuteNonQuery();
            using var deleteIds = database.Prepare("DELETE FROM ids WHERE position <= $0", 1);
            deleteIds.Parameters[0].Value = last;
            deleteIds.ExecuteNonQuery();
        }
    });

    private Task WriteAsync(Action<JournalDatabase> write)
    {
        var work = new OtherWork(write);
        core.Journal.Add(work);
        return work.Task;
    }
}

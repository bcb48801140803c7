using System.Buffers;

using Grid.Features;

namespace Grid.Engine;

/// <summary>
/// Saves the changed entities of one shard, and puts idle ones away. A state that includes a position p may go to the disk once every record up to p
/// is there and was told to all it concerns. An entity that never rests is never found in such a state, so its state is copied as it is and held until
/// the journal has settled; the copy counts if nothing before p came to the entity meanwhile, and is taken again otherwise.
/// </summary>
internal sealed class EntitySaver(EngineCore core, Shard shard)
{
    private const int Slice = 128;
    private const int Rounds = 16;
    private const long MostHeldBytes = 16 << 20;

    private readonly ArrayBufferWriter<byte> _state = new();
    private readonly List<SavedEntity> _held = [];
    private readonly List<SnapshotWork> _works = [];
    private Queue<EntityHandle> _rest = new();
    private Queue<EntityHandle> _again = new();
    private ShardEntities? _entities;
    private int _idleBefore;
    private long _heldBytes;

    /// <param name="settled">A position up to which everything is on disk and told.</param>
    /// <param name="putAway">Whether entities that are idle, or too many, leave memory.</param>
    /// <returns>True where every entity that had changed by then is saved.</returns>
    /// <exception cref="GridException">The journal failed meanwhile.</exception>
    public async Task<bool> RunAsync(long settled, bool putAway)
    {
        await ShardTask.RunAsync(shard, on => BeginOnShard(on, putAway)).ConfigureAwait(false);
        for (var round = 0; _rest.Count > 0 && round < Rounds; round++)
        {
            while (_rest.Count > 0)
            {
                await ShardTask.RunAsync(shard, on => LookOnShard(on, settled)).ConfigureAwait(false);
                if (_held.Count > 0)
                {
                    settled = await core.Journal.SettleAsync().ConfigureAwait(false);
                    await ShardTask.RunAsync(shard, ProveOnShard).ConfigureAwait(false);
                }

                await WriteAsync().ConfigureAwait(false);
            }

            (_rest, _again) = (_again, _rest);
        }

        await ShardTask.RunAsync(shard, EndOnShard).ConfigureAwait(false);
        return _rest.Count == 0 && ReferenceEquals(_entities, shard.Entities);
    }

    private bool BeginOnShard(Shard on, bool putAway)
    {
        _entities = on.Entities;
        var store = on.Entities.Store;
        _rest.EnsureCapacity(store.Count);
        for (var entity = store.Next(EntityHandle.None); entity.Exists; entity = store.Next(entity))
        {
            _rest.Enqueue(entity);
        }

        _idleBefore = putAway ? IdleBefore() : -1;
        on.Entities.WatchLate();
        return false;
    }

    private bool LookOnShard(Shard on, long settled)
    {
        if (WasDropped(on))
        {
            return false;
        }

        var ready = new List<SavedEntity>();
        for (var i = 0; i < Slice && _heldBytes < MostHeldBytes && _rest.TryDequeue(out var entity); i++)
        {
            if (_entities!.IsDirty(entity))
            {
                var copy = Copy(entity);
                if (copy.Position <= settled)
                {
                    ready.Add(copy);
                }
                else
                {
                    _held.Add(copy);
                    _heldBytes += copy.State.Length;
                }
            }
            else if (_entities.TouchedAt(entity) < _idleBefore)
            {
                _entities.Store.Remove(entity);
                core.Metrics.PutAway();
            }
        }

        Send(ready);
        return _rest.Count > 0 && _heldBytes < MostHeldBytes;
    }

    /// <summary>The journal has settled past every copy that is held.</summary>
    private bool ProveOnShard(Shard on)
    {
        if (WasDropped(on))
        {
            return false;
        }

        var ready = new List<SavedEntity>();
        foreach (var copy in _held)
        {
            if (_entities!.CameLate(copy.Entity, copy.Position))
            {
                _again.Enqueue(copy.Entity);
            }
            else
            {
                ready.Add(copy);
            }
        }

        _held.Clear();
        _heldBytes = 0;
        Send(ready);
        return false;
    }

    private bool EndOnShard(Shard on)
    {
        on.Entities.EndWatch();
        return false;
    }

    /// <summary>Whether memory was dropped meanwhile: handles of a store that is gone mean nothing any more.</summary>
    private bool WasDropped(Shard on)
    {
        if (ReferenceEquals(_entities, on.Entities))
        {
            return false;
        }

        _rest.Clear();
        _again.Clear();
        _held.Clear();
        return true;
    }

    private SavedEntity Copy(EntityHandle entity)
    {
        var store = _entities!.Store;
        _entities.ForgetLate(entity);
        _state.ResetWrittenCount();
        store.WriteSnapshot(entity, _state);
        return new(entity, core.Bundle.Definitions.Kinds[store.KindOf(entity)].Name, store.KeyOf(entity), store.Position(entity), _state.WrittenSpan.ToArray());
    }

    private void Send(List<SavedEntity> ready)
    {
        foreach (var chunk in ready.Chunk(SnapshotWork.Most))
        {
            var work = new SnapshotWork(chunk);
            _works.Add(work);
            core.Journal.Add(work);
        }
    }

    private async Task WriteAsync()
    {
        if (_works.Count == 0)
        {
            return;
        }

        await Task.WhenAll(_works.Select(work => work.Task)).ConfigureAwait(false);
        core.HasSnapshots = true;
        var next = 0;
        await ShardTask.RunAsync(shard, on =>
        {
            for (var end = Math.Min(next + (Slice / SnapshotWork.Most), _works.Count); next < end && !WasDropped(on); next++)
            {
                foreach (var saved in _works[next].Entities)
                {
                    on.Entities.Saved(saved.Entity, saved.Position);
                }
            }

            return next < _works.Count && !WasDropped(on);
        }).ConfigureAwait(false);
        _works.Clear();
    }

    /// <summary>Entities last touched before this are put away: those idle for long, and with too many in memory the longest idle ones.</summary>
    private int IdleBefore()
    {
        var before = core.CoarseTime - (int)Math.Min(core.Options.IdleAfter.TotalSeconds * 2, int.MaxValue / 2);
        var most = Math.Max(1, core.Options.MaxResidentEntities / core.Shards.Count);
        if (_rest.Count > most)
        {
            var touched = _rest.Select(_entities!.TouchedAt).ToArray();
            Array.Sort(touched);
            before = Math.Max(before, touched[_rest.Count - most - 1] + 1);
        }

        return before;
    }
}

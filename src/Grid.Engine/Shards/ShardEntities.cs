using System.Runtime.InteropServices;
using Grid.Decisions.Plans;
using Grid.Decisions.Records;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>The entities of one shard: those in memory, and the way to those that are not.</summary>
internal sealed class ShardEntities(EngineCore core) : IDisposable
{
    private const int DirtyBit = 1;

    private readonly JournalRecord _record = new();
    private Dictionary<EntityHandle, long>? _late;

    public EntityStore Store { get; } = new(core.Bundle.Definitions) { Loaded = core.Loaded };

    /// <summary>Finds an entity, bringing it back from the disk where it was put away.</summary>
    /// <returns><see cref="EntityHandle.None"/> where nothing was ever told of it.</returns>
    /// <exception cref="JournalException">Its snapshot is corrupt.</exception>
    public EntityHandle Touch(int kind, string key)
    {
        var entity = Store.Find(kind, key);
        if (!entity.Exists)
        {
            return core.HasStored ? Activate(kind, key) : entity;
        }

        ref var touched = ref Store.Touched(entity);
        touched = core.CoarseTime | (touched & DirtyBit);
        return entity;
    }

    public EntityHandle TouchOrCreate(int kind, string key)
    {
        var entity = Touch(kind, key);
        if (!entity.Exists)
        {
            entity = Store.Create(kind, key);
            Store.Touched(entity) = core.CoarseTime;
        }

        return entity;
    }

    /// <summary>Reads features of an entity at a moment; of one that nothing was ever told of, as empty.</summary>
    public void Read(FeatureRead read, string key, EventTime at, Span<ReadValue> values)
    {
        var entity = Touch(read.Kind.Ordinal, key);
        if (entity.Exists)
        {
            Store.Read(entity, at, read.Features.AsSpan(), values);
        }
        else
        {
            Store.ReadEmpty(read.Kind.Ordinal, at, read.Features.AsSpan(), values, key);
        }
    }

    /// <summary>Reads every feature of an entity at a moment.</summary>
    public EntityFeatures ReadAll(int kind, string key, EventTime at)
    {
        var plan = core.Bundle.Definitions.Kinds[kind];
        var values = new ReadValue[plan.Features.Count];
        Read(core.AllOf[kind], key, at, values);
        var readings = new FeatureReading[values.Length];
        for (var i = 0; i < readings.Length; i++)
        {
            readings[i] = values[i].ToReading(plan.Features[i].FullName, at.UnixMilliseconds);
        }

        return new(new(plan.Name, key), at, readings);
    }

    /// <summary>Notes that the entity's state includes the record at a position, and that no snapshot does yet.</summary>
    public void Include(EntityHandle entity, long position)
    {
        ref var last = ref Store.Position(entity);
        if (position > last)
        {
            last = position;
        }
        else if (_late is { } late)
        {
            ref var earliest = ref CollectionsMarshal.GetValueRefOrAddDefault(late, entity, out var known);
            earliest = known ? Math.Min(earliest, position) : position;
        }

        Store.Touched(entity) |= DirtyBit;
    }

    /// <summary>Begins to note what comes to an entity behind something later.</summary>
    public void WatchLate() => _late = [];

    public void EndWatch() => _late = null;

    /// <summary>Forgets what came late to an entity so far.</summary>
    public void ForgetLate(EntityHandle entity) => _late?.Remove(entity);

    /// <summary>Whether something before a position came late to the entity since <see cref="ForgetLate"/>.</summary>
    public bool CameLate(EntityHandle entity, long before) => _late is null || (_late.TryGetValue(entity, out var earliest) && earliest < before);

    public bool IsDirty(EntityHandle entity) => (Store.Touched(entity) & DirtyBit) != 0;

    /// <summary>Notes that a snapshot at a position is on disk; an entity that has changed since stays dirty.</summary>
    public void Saved(EntityHandle entity, long position)
    {
        if (Store.Position(entity) == position)
        {
            Store.Touched(entity) &= ~DirtyBit;
        }
    }

    /// <summary>When the entity was last touched, in the units of <see cref="EngineCore.CoarseTime"/>.</summary>
    public int TouchedAt(EntityHandle entity) => Store.Touched(entity) & ~DirtyBit;

    /// <summary>Applies a record that concerns an entity: on recovery, in the order of positions.</summary>
    public void Replay(EntityHandle entity, JournalRecord record)
    {
        if (record.Position <= Store.Position(entity))
        {
            return;
        }

        if (record.Kind == RecordKind.Label)
        {
            if (record.Row.Plan.Label is { } label)
            {
                Store.Amend(entity, label.Target, record.Target.At, record.Target.IdHash, record.Row);
            }
        }
        else
        {
            Store.Apply(entity, record.Row);
        }

        Include(entity, record.Position);
    }

    public void Dispose() => Store.Dispose();

    private EntityHandle Activate(int kind, string key)
    {
        var tail = core.Tail.Take(kind, key);
        var snapshot = core.HasSnapshots ? ReadSnapshot(kind, key) : null;
        if (snapshot is null && tail is null)
        {
            return EntityHandle.None;
        }

        var entity = Restore(kind, key, snapshot);
        try
        {
            foreach (var entry in tail ?? [])
            {
                _record.Read(entry.Position, entry.Bytes, entry.Map);
                if (_record.HasRow)
                {
                    Replay(entity, _record);
                }
            }
        }
        catch
        {
            Store.Remove(entity); // Half of an entity must not be taken for the whole.
            throw;
        }

        core.Metrics.Activated();
        return entity;
    }

    private (long Position, byte[] State)? ReadSnapshot(int kind, string key)
    {
        var reader = core.Readers.Take();
        try
        {
            return reader.SnapshotOf(core.Bundle.Definitions.Kinds[kind].Name, key);
        }
        finally
        {
            core.Readers.Give(reader);
        }
    }

    private EntityHandle Restore(int kind, string key, (long Position, byte[] State)? snapshot)
    {
        EntityHandle entity;
        if (snapshot is { } saved)
        {
            try
            {
                entity = Store.Restore(kind, key, saved.State);
            }
            catch (SnapshotException e)
            {
                throw new JournalException($"The snapshot of {core.Bundle.Definitions.Kinds[kind].Name} '{key}' cannot be read: {e.Message}", e);
            }

            Store.Position(entity) = saved.Position;
        }
        else
        {
            entity = Store.Create(kind, key);
        }

        Store.Touched(entity) = core.CoarseTime;
        return entity;
    }
}

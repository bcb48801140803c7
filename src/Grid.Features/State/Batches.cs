using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// Stores the loaded values of the entities of a kind with their load times, so that a read at a past time returns what was loaded by then.
/// </summary>
internal sealed unsafe class Batches(Arena arena, KindLayout kind, TextTable texts)
{
    /// <summary>Whether the entity has any loaded values.</summary>
    public bool TryGet(int entity, out BatchLog log)
    {
        var handle = kind.BatchesAt < 0 ? 0 : new EntityRecord(arena[entity], kind).Batches;
        log = handle == 0 ? default : new(arena[handle]);
        return handle != 0;
    }

    public ReadValue Read(int entity, FeaturePlan feature, long at)
    {
        var empty = feature.Empty ?? Value.Missing;
        if (entity == 0 || !TryGet(entity, out var log))
        {
            return new(empty, ReadValue.Nothing, false);
        }

        var place = log.UpTo(new(at, long.MaxValue, 0, (short)feature.Ordinal, false)) - 1;
        if (place < 0 || log.Entries[place].Feature != feature.Ordinal)
        {
            return new(empty, ReadValue.Nothing, log.Forgot != 0);
        }

        ref readonly var entry = ref log.Entries[place];
        var isTooOld = feature.Batch!.MaxAgeMilliseconds is { } most && at - entry.At > most;
        return new(entry.Missing || isTooOld ? empty : ToValue(feature, entry), entry.At, false);
    }

    /// <summary>Adds a value. It replaces one with the same load time and computed-for time.</summary>
    public void Set(int entity, FeaturePlan feature, Value value, long at, long known)
    {
        var isText = feature.Batch!.Type == ExpressionType.Text;
        var key = value.IsMissing ? 0 : isText ? texts.Hold(value.Text!) : BitConverter.DoubleToInt64Bits(value.Number);
        Insert(entity, new(known, at, key, (short)feature.Ordinal, value.IsMissing));
        Forget(entity, feature);
    }

    /// <summary>Records that values were dropped earlier, as read from a snapshot.</summary>
    public void SetForgot(int entity)
    {
        if (TryGet(entity, out var log))
        {
            log.Forgot = 1;
        }
    }

    public void Clear(int entity)
    {
        if (!TryGet(entity, out var log))
        {
            return;
        }

        foreach (ref var entry in log.Entries)
        {
            Release(entry);
        }

        var record = new EntityRecord(arena[entity], kind);
        var handle = record.Batches;
        record.Batches = 0;
        arena.Free(handle, log.Bytes);
    }

    private Value ToValue(FeaturePlan feature, in BatchEntry entry) =>
        feature.Batch!.Type == ExpressionType.Text ? Value.Of(texts[entry.Key]) : Value.Of(BitConverter.Int64BitsToDouble(entry.Key));

    private void Insert(int entity, in BatchEntry entry)
    {
        if (!TryGet(entity, out var log))
        {
            var handle = arena.Allocate(BatchLog.BytesFor(1));
            *(int*)(arena[handle] + Arena.Reserved) = 0;
            log = new(arena[handle]);
            (log.Count, log.Capacity, log.Forgot) = (0, 1, 0);
            new EntityRecord(arena[entity], kind).Batches = handle;
        }

        var place = log.UpTo(entry);
        if (place > 0 && log.Entries[place - 1].CompareTo(entry) == 0)
        {
            Release(log.Entries[place - 1]);
            log.Entries[place - 1] = entry;
            return;
        }

        if (log.Count == log.Capacity)
        {
            var capacity = log.Capacity + Math.Max(1, log.Capacity / 4);
            log = new(arena.Resize(new EntityRecord(arena[entity], kind).Batches, log.Bytes, BatchLog.BytesFor(capacity)));
            log.Capacity = capacity;
        }

        log.Room[place..log.Count].CopyTo(log.Room[(place + 1)..]);
        log.Room[place] = entry;
        log.Count++;
    }

    // A value is dropped when its successor was loaded so long before the newest one that no read reaches back to it.
    private void Forget(int entity, FeaturePlan feature)
    {
        TryGet(entity, out var log);
        var entries = log.Entries;
        var from = log.UpTo(new(long.MinValue, long.MinValue, 0, (short)feature.Ordinal, false));
        var to = log.UpTo(new(long.MaxValue, long.MaxValue, 0, (short)feature.Ordinal, false));
        var horizon = entries[to - 1].Known - feature.Batch!.RetentionMilliseconds;
        var kept = from;
        while (kept + 1 < to && entries[kept + 1].Known <= horizon)
        {
            Release(entries[kept]);
            kept++;
        }

        if (kept > from)
        {
            entries[kept..].CopyTo(entries[from..]);
            log.Count -= kept - from;
            log.Forgot = 1;
        }
    }

    private void Release(in BatchEntry entry)
    {
        if (!entry.Missing && kind.Plan.Features[entry.Feature].Batch!.Type == ExpressionType.Text)
        {
            texts.Release(entry.Key);
        }
    }
}

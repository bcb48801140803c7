using System.Buffers;
using System.Text;

namespace Grid.Features;

/// <summary>
/// The state of all entities of one shard: their events in native memory, and every feature read from them. Used by one thread at a time. Applying,
/// reading and looking for an id allocate nothing on the managed heap (but for a text never held before).
/// </summary>
public sealed unsafe class EntityStore : IDisposable
{
    private const int MostKeyBytes = ushort.MaxValue;
    private static readonly UTF8Encoding Utf8 = new(false, true);

    private readonly Arena _arena = new();
    private readonly EntityIndex _index = new();
    private readonly TextTable _texts = new();
    private readonly KindState[] _kinds;
    private readonly LeafLeaves _forget;
    private readonly SnapshotWriter _writer;
    private readonly TreePath _path = new();
    private byte[] _key = new byte[256];
    private bool _disposed;

    public EntityStore(DefinitionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.Kinds.Count, byte.MaxValue, nameof(plan));
        _kinds = [.. plan.Kinds.Select(kind => new KindState(_arena, kind, plan.Events.Count, _texts))];
        _forget = Forget;
        _writer = new(_texts);
    }

    /// <summary>How many entities are resident.</summary>
    public int Count => _index.Count;

    /// <summary>Bytes taken from the system for entities and their index; texts are not counted.</summary>
    public long AllocatedBytes => _arena.AllocatedBytes + _index.AllocatedBytes;

    internal int HeldTexts => _texts.Count;

    /// <summary>Finds a resident entity.</summary>
    /// <returns><see cref="EntityHandle.None"/> where it is not resident.</returns>
    public EntityHandle Find(int kind, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new(Find(kind, HashOf(kind, key), Encode(key)));
    }

    /// <summary>Makes an entity that was never told anything.</summary>
    /// <exception cref="ArgumentException">The entity is resident already, or its key is longer than 65,535 bytes in UTF-8 or no valid text.</exception>
    public EntityHandle Create(int kind, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var bytes = Encode(key);
        if (bytes.Length > MostKeyBytes)
        {
            throw new ArgumentException($"A key takes at most {MostKeyBytes} bytes; this one takes {bytes.Length}.", nameof(key));
        }

        var hash = HashOf(kind, key);
        if (Find(kind, hash, bytes) != 0)
        {
            throw new ArgumentException($"The {_kinds[kind].Plan.Name} '{key}' is resident already.", nameof(key));
        }

        var head = _kinds[kind].Layout.RecordHeader;
        var handle = _arena.Allocate(head + bytes.Length);
        var piece = _arena[handle];
        new Span<byte>(piece + Arena.Reserved, head - Arena.Reserved).Clear();
        EntityRecord.Mark(piece) = EntityRecord.EntityMark;
        EntityRecord.Kind(piece) = (byte)kind;
        EntityRecord.KeyBytes(piece) = (ushort)bytes.Length;
        bytes.CopyTo(new Span<byte>(piece + head, bytes.Length));
        _index.Add(hash, handle);
        return new(handle);
    }

    public string KeyOf(EntityHandle entity) => RecordOf(entity).KeyText;

    /// <summary>Place in <see cref="DefinitionPlan.Kinds"/>.</summary>
    public int KindOf(EntityHandle entity) => EntityRecord.Kind(PieceOf(entity));

    /// <summary>The host's journal position that the state includes; 0 of a new entity. The reference is good until the next call that changes the store.</summary>
    public ref long Position(EntityHandle entity) => ref EntityRecord.Position(PieceOf(entity));

    /// <summary>The host's own number; 0 of a new entity, and not in snapshots. The reference is good until the next call that changes the store.</summary>
    public ref int Touched(EntityHandle entity) => ref EntityRecord.Touched(PieceOf(entity));

    /// <summary>Puts an event where its time belongs. It is not compared with those that are held: see <see cref="MayHold"/>.</summary>
    public ApplyOutcome Apply(EntityHandle entity, EventRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var kind = KindStateOf(entity);
        var timeline = kind.Layout.TimelineOf[row.Plan.Ordinal];
        if (timeline < 0)
        {
            return ApplyOutcome.Applied;
        }

        var layout = kind.Layout.Timelines[timeline];
        var newest = kind.Newest(entity.Index);
        var time = row.At.UnixMilliseconds;
        if (newest >= 0 && time <= newest - layout.Retention)
        {
            return ApplyOutcome.TooOld;
        }

        var kept = kind.Rows[timeline];
        RowFiller.Fill(kept, layout, row, _texts);
        kind.Trees[timeline].Insert(entity.Index, kept);
        kind.Derived[timeline].Find(entity.Index)?.Applied(kept);
        if (time > newest)
        {
            kind.Trees[timeline].Trim(entity.Index, time - layout.Retention, _forget);
        }

        return ApplyOutcome.Applied;
    }

    /// <summary>Whether an event may be held: false says that it certainly is not, true that it very probably is.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="event">Place of the event's type in <see cref="DefinitionPlan.Events"/>.</param>
    /// <param name="idHash">The hash of its id (<see cref="EventRow.IdHash"/>).</param>
    public bool MayHold(EntityHandle entity, int @event, ulong idHash)
    {
        var kind = KindStateOf(entity);
        var timeline = kind.Layout.TimelineOf[@event];
        return timeline >= 0 && (kind.Trees[timeline].MayHold(entity.Index, Row.PrintOf(idHash)) ?? FilterOf(entity.Index, kind, timeline).MayHold(Row.PrintOf(idHash)));
    }

    /// <summary>
    /// Fills in what a label says of an event that is held. Readings at moments before the label was known (<see cref="EventRow.At"/>) still leave it
    /// out. Of several labels of one event the one known last counts; of those known at one moment, the one with the greatest value.
    /// </summary>
    /// <param name="entity">The entity.</param>
    /// <param name="targetEvent">Place of the amended event's type in <see cref="DefinitionPlan.Events"/>.</param>
    /// <param name="targetTime">When the amended event happened.</param>
    /// <param name="targetIdHash">The hash of its id.</param>
    /// <param name="label">The label.</param>
    /// <returns>False where the event is not held.</returns>
    public bool Amend(EntityHandle entity, int targetEvent, EventTime targetTime, ulong targetIdHash, EventRow label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var slots = label.Plan.Label?.Slots ?? throw new ArgumentException($"'{label.Plan.Name}' is no label.", nameof(label));
        var kind = KindStateOf(entity);
        var timeline = kind.Layout.TimelineOf[targetEvent];
        var time = targetTime.UnixMilliseconds;
        if (timeline < 0 || time <= kind.Newest(entity.Index) - kind.Layout.Timelines[timeline].Retention)
        {
            return false;
        }

        var print = Row.PrintOf(targetIdHash);
        if (!kind.Trees[timeline].TryFind(entity.Index, time, print, _path, out _))
        {
            return false;
        }

        foreach (var (from, to) in slots)
        {
            foreach (var column in kind.Layout.Timelines[timeline].Columns)
            {
                if (column.Plan.IsLabel && column.Plan.Slot == to)
                {
                    Amend(entity.Index, kind, timeline, column, time, print, label, from);
                }
            }
        }

        return true;
    }

    /// <summary>Reads features at any moment; what was known only later is left out.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="at">The moment.</param>
    /// <param name="features">Places in <see cref="KindPlan.Features"/>.</param>
    /// <param name="values">Takes the values in the same order; at least as long.</param>
    public void Read(EntityHandle entity, EventTime at, ReadOnlySpan<int> features, Span<ReadValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, features.Length, nameof(values));
        KindStateOf(entity).Read(entity.Index, at.UnixMilliseconds, features, values);
    }

    /// <summary>Reads features as of an entity that was never told anything.</summary>
    public void ReadEmpty(int kind, EventTime at, ReadOnlySpan<int> features, Span<ReadValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, features.Length, nameof(values));
        ObjectDisposedException.ThrowIf(_disposed, this);
        _kinds[kind].Read(0, at.UnixMilliseconds, features, values);
    }

    /// <summary>Writes everything that the entity keeps, with its position. The entity stays.</summary>
    public void WriteSnapshot(EntityHandle entity, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(to);
        _writer.Write(entity.Index, KindStateOf(entity), Position(entity), to);
    }

    /// <summary>Makes an entity of what <see cref="WriteSnapshot"/> wrote, here or elsewhere.</summary>
    /// <exception cref="SnapshotException">The bytes are damaged, or were written under other definitions; nothing is resident then.</exception>
    /// <exception cref="ArgumentException">The entity is resident already.</exception>
    public EntityHandle Restore(int kind, string key, ReadOnlySpan<byte> snapshot)
    {
        var entity = Create(kind, key);
        try
        {
            // The reference to the position must be taken after reading, which moves the entity.
            var position = SnapshotReader.Read(entity.Index, _kinds[kind], _texts, snapshot);
            Position(entity) = position;
            return entity;
        }
        catch (SnapshotException)
        {
            Remove(entity);
            throw;
        }
    }

    /// <summary>
    /// Goes through the resident entities in no particular order. Begin with <see cref="EntityHandle.None"/> and pass what comes back; it ends with
    /// <see cref="EntityHandle.None"/>. Entities may be removed on the way, the one that came back included.
    /// </summary>
    public EntityHandle Next(EntityHandle after)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (var handle = after.Index + 1; handle < _arena.HandleLimit; handle++)
        {
            if (_arena.IsLive(handle) && EntityRecord.Mark(_arena[handle]) == EntityRecord.EntityMark)
            {
                return new(handle);
            }
        }

        return EntityHandle.None;
    }

    /// <summary>Gives an entity's memory back. Its handle names nothing from now on, or another entity.</summary>
    public void Remove(EntityHandle entity)
    {
        var kind = KindStateOf(entity);
        for (var i = 0; i < kind.Trees.Length; i++)
        {
            ReleaseTexts(kind, entity.Index, i);
            kind.Derived[i].Drop(entity.Index);
            kind.Labels[i].Clear(entity.Index);
            kind.Trees[i].Clear(entity.Index);
        }

        var record = RecordOf(entity);
        _index.Remove(HashOf(EntityRecord.Kind(record.Piece), record.KeyText), entity.Index);
        _arena.Free(entity.Index, record.HeadBytes);
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var derived in _kinds.SelectMany(kind => kind.Derived))
        {
            derived.DropAll();
        }

        _index.Dispose();
        _arena.Dispose();
    }

    private static uint HashOf(int kind, string key) => (uint)(StableHash.With(StableHash.Of(key), kind) >> 32);

    private int Find(int kind, uint hash, ReadOnlySpan<byte> key)
    {
        var probe = 0;
        for (var handle = _index.Next(hash, ref probe); handle != 0; handle = _index.Next(hash, ref probe))
        {
            var piece = _arena[handle];
            if (EntityRecord.Kind(piece) == kind && new EntityRecord(piece, _kinds[kind].Layout).Key.SequenceEqual(key))
            {
                return handle;
            }
        }

        return 0;
    }

    private ReadOnlySpan<byte> Encode(string key)
    {
        var most = Utf8.GetMaxByteCount(key.Length);
        if (_key.Length < most)
        {
            _key = new byte[most];
        }

        return _key.AsSpan(0, Utf8.GetBytes(key, _key));
    }

    private byte* PieceOf(EntityHandle entity)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_arena.IsLive(entity.Index) || EntityRecord.Mark(_arena[entity.Index]) != EntityRecord.EntityMark)
        {
            throw new ArgumentException("The handle names no resident entity.", nameof(entity));
        }

        return _arena[entity.Index];
    }

    private KindState KindStateOf(EntityHandle entity) => _kinds[EntityRecord.Kind(PieceOf(entity))];

    private EntityRecord RecordOf(EntityHandle entity)
    {
        var piece = PieceOf(entity);
        return new(piece, _kinds[EntityRecord.Kind(piece)].Layout);
    }

    private void Amend(int entity, KindState kind, int timeline, ColumnLayout column, long time, uint print, EventRow label, int from)
    {
        if (!RowFiller.TryKey(column.Plan.Storage, label[from], _texts, out var key))
        {
            return;
        }

        var tree = kind.Trees[timeline];
        tree.TryFind(entity, time, print, _path, out var index);
        var leaf = tree.Walk.LeafOf(_path);
        if (column.Gate < 0 || !leaf.Column(column.Gate).IsMissing(index))
        {
            var held = leaf.Column(column.Ordinal);
            var original = new LabelEntry(time, -1, held.Key(index), print, (short)column.Ordinal, held.IsMissing(index));
            original = original.Missing ? original with { Key = 0 } : original;
            var entry = new LabelEntry(time, label.At.UnixMilliseconds, key, print, (short)column.Ordinal, false);
            if (kind.Labels[timeline].TryAdd(entity, entry, original, out var newest))
            {
                tree.TryFind(entity, time, print, _path, out index);
                Hold(column, newest.Key);
                if (!original.Missing)
                {
                    Release(column, original.Key);
                }

                tree.Set(_path, index, column, newest.Key, false);
                kind.Derived[timeline].Find(entity)?.Amended(column);
            }
        }

        Release(column, key);
    }

    private static PrintFilter FilterOf(int entity, KindState kind, int timeline)
    {
        var derived = kind.Derived[timeline].Make(entity);
        if (derived.Filter is not { IsFull: false })
        {
            derived.Filter = kind.Trees[timeline].MakeFilter(entity, derived.Filter);
        }

        return derived.Filter;
    }

    private void Hold(ColumnLayout column, long key)
    {
        if (column.Plan.Storage == ColumnStorage.Text)
        {
            _texts.Hold(_texts[key]);
        }
    }

    private void Release(ColumnLayout column, long key)
    {
        if (column.Plan.Storage == ColumnStorage.Text)
        {
            _texts.Release(key);
        }
    }

    private void Forget(int entity, int timeline, Leaf leaf, int events)
    {
        var kind = _kinds[EntityRecord.Kind(_arena[entity])];
        kind.Derived[timeline].Find(entity)?.Forgotten(leaf, events);
        ReleaseTexts(leaf, events);
        kind.Labels[timeline].Forget(entity, leaf.Time(events - 1), leaf.Print(events - 1));
    }

    private void ReleaseTexts(KindState kind, int entity, int timeline)
    {
        var walk = kind.Trees[timeline].Walk;
        if (!kind.Layout.Timelines[timeline].HasTexts || !walk.TryFirst(entity, _path))
        {
            return;
        }

        do
        {
            ReleaseTexts(walk.LeafOf(_path), walk.LeafOf(_path).Count);
        }
        while (walk.StepOn(_path));
    }

    private void ReleaseTexts(Leaf leaf, int events)
    {
        foreach (var column in leaf.Layout.Columns)
        {
            if (column.Plan.Storage != ColumnStorage.Text)
            {
                continue;
            }

            var values = leaf.Column(column.Ordinal);
            for (var i = 0; i < events; i++)
            {
                if (!values.IsMissing(i))
                {
                    _texts.Release(values.Key(i));
                }
            }
        }
    }
}

using Grid.Features.Expressions;
using Grid.Features.Plans;
using Grid.Features.State.Loaded;
using System.Buffers;

namespace Grid.Features.State;

/// <summary>
/// The state of all entities of one shard: their events in native memory, and every feature read from them. Used by one thread at a time. Applying,
/// reading and looking for an id allocate nothing on the managed heap (but for a text never held before).
/// </summary>
internal sealed unsafe class EntityStore : IDisposable
{
    private readonly Arena _arena = new();
    private readonly TextTable _texts = new();
    private readonly KindState[] _kinds;
    private readonly EntityDirectory _directory;
    private readonly StringReferenceCounts _holds;
    private readonly LabelTaker _labels;
    private readonly LeafLeaves _forget;
    private readonly SnapshotWriter _writer;
    private bool _disposed;

    public EntityStore(DefinitionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.Kinds.Count, byte.MaxValue, nameof(plan));
        _kinds = [.. plan.Kinds.Select(kind => new KindState(_arena, kind, plan.Events.Count, _texts))];
        _directory = new(_arena, _kinds);
        _holds = new(_texts);
        _labels = new(_texts, _holds);
        _forget = Forget;
        _writer = new(_texts);
    }

    /// <summary>What was loaded from files, which other stores may read too.</summary>
    public LoadedBatches Loaded
    {
        get => _kinds.Length == 0 ? new() : _kinds[0].Loaded;
        set
        {
            foreach (var kind in _kinds)
            {
                kind.Loaded = value;
            }
        }
    }

    /// <summary>How many entities are resident.</summary>
    public int Count => _directory.Count;

    /// <summary>Bytes taken from the system for entities and their index; texts are not counted.</summary>
    public long AllocatedBytes => _arena.AllocatedBytes + _directory.AllocatedBytes;

    internal int HeldTexts => _texts.Count;

    /// <inheritdoc cref="EntityIndex.MeanDistance"/>
    internal double MeanDistance => _directory.MeanDistance;

    /// <summary>Finds a resident entity.</summary>
    /// <returns><see cref="EntityHandle.None"/> where it is not resident.</returns>
    public EntityHandle Find(int kind, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _directory.Find(kind, key);
    }

    /// <summary>Makes an entity that was never told anything.</summary>
    /// <exception cref="ArgumentException">The entity is resident already, or its key is longer than 65,535 bytes in UTF-8 or no valid text.</exception>
    public EntityHandle Create(int kind, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _directory.Create(kind, key);
    }

    public string KeyOf(EntityHandle entity)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _directory.RecordOf(entity).KeyText;
    }

    /// <summary>The key in UTF-8, good until the next call that changes the store.</summary>
    public ReadOnlySpan<byte> KeyBytesOf(EntityHandle entity)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _directory.RecordOf(entity).Key;
    }

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
        kind.Since.Fill(entity.Index, timeline, kept);
        kind.Trees[timeline].Insert(entity.Index, kept);
        kind.Since.Started(entity.Index, timeline, kept, kind.AggregateCache);
        kind.AggregateCache[timeline].Find(entity.Index)?.Applied(kept);
        foreach (var spans in kind.Spans)
        {
            spans.Applied(entity.Index, timeline, kept);
        }

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
        return timeline >= 0 && (kind.Trees[timeline].MayHold(entity.Index, Row.FingerprintOf(idHash)) ?? FilterOf(entity.Index, kind, timeline).MayHold(Row.FingerprintOf(idHash)));
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
        return _labels.Amend(entity.Index, KindStateOf(entity), targetEvent, targetTime, targetIdHash, label);
    }

    /// <summary>
    /// Loads the value of a batch feature. Readings at or after <paramref name="known"/> see it, until another is loaded later; its age counts from
    /// <paramref name="at"/>. One loaded at the same moment for the same time takes its place.
    /// </summary>
    /// <param name="entity">The entity.</param>
    /// <param name="feature">Place in <see cref="KindPlan.Features"/>.</param>
    /// <param name="value">The value; <see cref="Value.Missing"/> says that there is none any more.</param>
    /// <param name="at">The time that it was computed for.</param>
    /// <param name="known">When it was loaded: at or after <paramref name="at"/>.</param>
    /// <exception cref="ArgumentException">The feature is no batch feature, or its values are of another type; nothing is changed.</exception>
    public void SetBatch(EntityHandle entity, int feature, Value value, EventTime at, EventTime known)
    {
        var kind = KindStateOf(entity);
        ArgumentOutOfRangeException.ThrowIfNegative(feature);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(feature, kind.Plan.Features.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(at.UnixMilliseconds, known.UnixMilliseconds, nameof(at));
        var plan = kind.Plan.Features[feature];
        if (plan.Batch is not { } batch)
        {
            throw new ArgumentException($"'{plan.FullName}' is no batch feature; it is computed from events.", nameof(feature));
        }

        var fits = value.IsMissing || (batch.Type == ExpressionType.Text) == value.Text is not null;
        if (!fits || (batch.Type == ExpressionType.Boolean && !value.IsMissing && value.Number is not (0 or 1)))
        {
            throw new ArgumentException($"'{plan.FullName}' takes values of the type {batch.Type}; {value.Text ?? (object)value.Number} is none.", nameof(value));
        }

        kind.Batches.Set(entity.Index, plan, value, at.UnixMilliseconds, known.UnixMilliseconds);
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

    /// <summary>Reads features as of an entity that was never told anything; <paramref name="key"/> is looked up in what was loaded.</summary>
    public void ReadEmpty(int kind, EventTime at, ReadOnlySpan<int> features, Span<ReadValue> values, string? key = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, features.Length, nameof(values));
        ObjectDisposedException.ThrowIf(_disposed, this);
        _kinds[kind].Read(0, at.UnixMilliseconds, features, values, key);
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
        return _directory.Next(after);
    }

    /// <summary>Gives an entity's memory back. Its handle names nothing from now on, or another entity.</summary>
    public void Remove(EntityHandle entity)
    {
        var kind = KindStateOf(entity);
        for (var i = 0; i < kind.Trees.Length; i++)
        {
            _holds.Release(kind, entity.Index, i);
            kind.AggregateCache[i].Drop(entity.Index);
            kind.Labels[i].Clear(entity.Index);
            kind.Trees[i].Clear(entity.Index);
        }

        kind.Batches.Clear(entity.Index);
        foreach (var spans in kind.Spans)
        {
            spans.Drop(entity.Index);
        }

        _directory.Remove(entity);
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var derived in _kinds.SelectMany(kind => kind.AggregateCache))
        {
            derived.DropAll();
        }

        _directory.Dispose();
        _arena.Dispose();
    }

    private byte* PieceOf(EntityHandle entity)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _directory.PieceOf(entity);
    }

    private KindState KindStateOf(EntityHandle entity) => _kinds[EntityRecord.Kind(PieceOf(entity))];

    private static FingerprintFilter FilterOf(int entity, KindState kind, int timeline)
    {
        var derived = kind.AggregateCache[timeline].Make(entity);
        if (derived.Filter is not { IsFull: false })
        {
            derived.Filter = kind.Trees[timeline].MakeFilter(entity, derived.Filter);
        }

        return derived.Filter;
    }

    private void Forget(int entity, int timeline, Leaf leaf, int events)
    {
        var kind = _kinds[EntityRecord.Kind(_arena[entity])];
        kind.AggregateCache[timeline].Find(entity)?.Forgotten(leaf, events);
        _holds.Release(leaf, events);
        kind.Labels[timeline].Forget(entity, leaf.Time(events - 1), leaf.Fingerprint(events - 1));
    }
}

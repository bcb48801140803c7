using System.Buffers;
using Grid.Features.Expressions;
using Grid.Features.Plans;
using Grid.Features.State.Loaded;

namespace Grid.Features.State;

/// <summary>
/// The state of all entities of one shard: events in native memory, and the features computed from them. Not thread-safe. Applying events,
/// reading features and looking up ids allocate nothing on the managed heap, except for a string that the store does not hold yet.
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

    /// <summary>The active batch tables, which other stores may share.</summary>
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

    /// <summary>The number of resident entities.</summary>
    public int Count => _directory.Count;

    /// <summary>Native bytes allocated for entities and their index; strings are not counted.</summary>
    public long AllocatedBytes => _arena.AllocatedBytes + _directory.AllocatedBytes;

    internal int HeldTexts => _texts.Count;

    /// <inheritdoc cref="EntityIndex.MeanDistance"/>
    internal double MeanDistance => _directory.MeanDistance;

    /// <summary>Finds a resident entity.</summary>
    /// <returns><see cref="EntityHandle.None"/> if the entity is not resident.</returns>
    public EntityHandle Find(int kind, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _directory.Find(kind, key);
    }

    /// <summary>Creates an entity without events.</summary>
    /// <exception cref="ArgumentException">
    /// The entity is already resident, or its key is longer than 65,535 UTF-8 bytes or is not valid UTF-16.
    /// </exception>
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

    /// <summary>The key in UTF-8, valid until the next call that changes the store.</summary>
    public ReadOnlySpan<byte> KeyBytesOf(EntityHandle entity)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _directory.RecordOf(entity).Key;
    }

    /// <summary>Index into <see cref="DefinitionPlan.Kinds"/>.</summary>
    public int KindOf(EntityHandle entity) => EntityRecord.Kind(PieceOf(entity));

    /// <summary>
    /// The last journal offset applied to the state, set by the host; 0 for a new entity. The reference is valid until the next change of
    /// the store.
    /// </summary>
    public ref long Position(EntityHandle entity) => ref EntityRecord.Position(PieceOf(entity));

    /// <summary>
    /// A number for the host's use; 0 for a new entity, not part of snapshots. The reference is valid until the next change of the store.
    /// </summary>
    public ref int Touched(EntityHandle entity) => ref EntityRecord.Touched(PieceOf(entity));

    /// <summary>Inserts an event in order of event time. Does not check for duplicates: see <see cref="MayHold"/>.</summary>
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

    /// <summary>Whether the entity may contain an event: false is certain, true is very probable.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="event">Index into <see cref="DefinitionPlan.Events"/>.</param>
    /// <param name="idHash">The hash of the event's id (<see cref="EventRow.IdHash"/>).</param>
    public bool MayHold(EntityHandle entity, int @event, ulong idHash)
    {
        var kind = KindStateOf(entity);
        var timeline = kind.Layout.TimelineOf[@event];
        return timeline >= 0 && (kind.Trees[timeline].MayHold(entity.Index, Row.FingerprintOf(idHash)) ?? FilterOf(entity.Index, kind, timeline).MayHold(Row.FingerprintOf(idHash)));
    }

    /// <summary>
    /// Applies a label to a stored event. Reads at times before the label was known (<see cref="EventRow.At"/>) ignore it. Of several
    /// labels of one event, the one known last wins; of labels known at the same time, the one with the greatest value.
    /// </summary>
    /// <param name="entity">The entity.</param>
    /// <param name="targetEvent">Index of the labelled event's type in <see cref="DefinitionPlan.Events"/>.</param>
    /// <param name="targetTime">Event time of the labelled event.</param>
    /// <param name="targetIdHash">The hash of its id.</param>
    /// <param name="label">The label.</param>
    /// <returns>False if the store does not contain the event.</returns>
    public bool Amend(EntityHandle entity, int targetEvent, EventTime targetTime, ulong targetIdHash, EventRow label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return _labels.Amend(entity.Index, KindStateOf(entity), targetEvent, targetTime, targetIdHash, label);
    }

    /// <summary>
    /// Loads the value of a batch feature. It is visible to reads at or after <paramref name="known"/>, until a value with a later load
    /// time; its age counts from <paramref name="at"/>. It replaces a value with the same load time and computed-for time.
    /// </summary>
    /// <param name="entity">The entity.</param>
    /// <param name="feature">Index into <see cref="KindPlan.Features"/>.</param>
    /// <param name="value">The value; <see cref="Value.Missing"/> to record that there is none.</param>
    /// <param name="at">The time the value was computed for.</param>
    /// <param name="known">The time of loading, at or after <paramref name="at"/>.</param>
    /// <exception cref="ArgumentException">
    /// The feature is not a batch feature, or the value has another type. The store is unchanged.
    /// </exception>
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

    /// <summary>Reads features as of any time; ignores what became known later.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="at">The time.</param>
    /// <param name="features">Indexes into <see cref="KindPlan.Features"/>.</param>
    /// <param name="values">Receives the values in the same order; at least as long as <paramref name="features"/>.</param>
    public void Read(EntityHandle entity, EventTime at, ReadOnlySpan<int> features, Span<ReadValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, features.Length, nameof(values));
        KindStateOf(entity).Read(entity.Index, at.UnixMilliseconds, features, values);
    }

    /// <summary>Reads features of an entity without events; <paramref name="key"/> is looked up in the batch tables.</summary>
    public void ReadEmpty(int kind, EventTime at, ReadOnlySpan<int> features, Span<ReadValue> values, string? key = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, features.Length, nameof(values));
        ObjectDisposedException.ThrowIf(_disposed, this);
        _kinds[kind].Read(0, at.UnixMilliseconds, features, values, key);
    }

    /// <summary>Writes the complete state of the entity, with its position. The entity stays resident.</summary>
    public void WriteSnapshot(EntityHandle entity, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(to);
        _writer.Write(entity.Index, KindStateOf(entity), Position(entity), to);
    }

    /// <summary>Creates an entity from a snapshot written by <see cref="WriteSnapshot"/>, of this or another store.</summary>
    /// <exception cref="SnapshotException">
    /// The snapshot is damaged, or was written under other definitions; the entity is not resident.
    /// </exception>
    /// <exception cref="ArgumentException">The entity is already resident.</exception>
    public EntityHandle Restore(int kind, string key, ReadOnlySpan<byte> snapshot)
    {
        var entity = Create(kind, key);
        try
        {
            // Take the reference to the position only after reading, which moves the entity.
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
    /// Enumerates the resident entities in no particular order. Start with <see cref="EntityHandle.None"/> and pass the last result;
    /// returns <see cref="EntityHandle.None"/> at the end. Entities, including the last result, may be removed during the enumeration.
    /// </summary>
    public EntityHandle Next(EntityHandle after)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _directory.Next(after);
    }

    /// <summary>Removes an entity and frees its memory. The handle becomes invalid and may be reused.</summary>
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

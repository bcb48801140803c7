using System.Threading.Tasks.Sources;

using Grid.Decisions;
using Grid.Features;

namespace Grid.Engine;

/// <summary>Where a request is on its way through the shards.</summary>
internal enum RequestStage : byte
{
    None = 0,

    /// <summary>Reading features of another entity, in that entity's shard.</summary>
    Foreign = 1,

    /// <summary>In the owner's shard.</summary>
    Owner = 2,

    /// <summary>Telling the event to the next entity that it concerns.</summary>
    Tell = 3,

    /// <summary>A label, looking for its event.</summary>
    Find = 4,

    /// <summary>A label, telling the next entity.</summary>
    Amend = 5,

    /// <summary>Reading features for a caller.</summary>
    Read = 6,
}

/// <summary>
/// One call on its way: it goes from shard to shard as a message, waits for its commit, and is the task that the caller awaits. It is answered
/// when every entity that the event concerns was told and, at durability <c>committed</c>, the record is on disk: whoever was answered sees
/// the effect everywhere. Used again and again.
/// </summary>
internal sealed class Request(EngineCore core)
    : ShardMessage, ICommitWaiter, IValueTaskSource<Decision>, IValueTaskSource<EventReceipt>, IValueTaskSource<EntityFeatures>
{
    private ManualResetValueTaskSourceCore<object> _source;
    private RequestStage _stage;
    private DecisionFacts? _decision;
    private EventFacts _event = null!;
    private int _step;
    private int _parts;
    private int _generation;
    private TellPass _pass;
    private bool _appended;
    private bool _applied;
    private bool _counted;
    private EntityHandle _owner;
    private object? _answer;
    private Exception? _failure;

    public EngineCore Core { get; } = core;

    public TurnFrame Frame { get; } = new();

    ICommitWaiter? ICommitWaiter.NextWaiter { get; set; }

    public short Version => _source.Version;

    /// <summary>Of a label: its way. Of a read: the entity.</summary>
    public List<Told> Told { get; } = [];

    /// <summary>Of a label that waited for its event: where it waited; 0 otherwise.</summary>
    public long Waited { get; set; }

    /// <summary>Of a label that waited for its event: the call that is answered only after it; may be null.</summary>
    public Request? Parent { get; set; }

    /// <summary>Of a read: the moment.</summary>
    public EventTime At { get; set; }

    private EventRow Row => Frame.Row;

    /// <summary>Starts a decision on the request that the frame's row holds.</summary>
    public void Decide(DecisionFacts decision)
    {
        Begin(decision.On, decision);
        Frame.Begin(decision.Plan);
        SendToOwnerOrForeign();
    }

    /// <summary>Starts the taking in of the event that the frame's row holds.</summary>
    public void Observe(EventFacts type)
    {
        Begin(type, null);
        if (type.Plan.Label is not null)
        {
            _stage = RequestStage.Find;
            Courier.Send(Core.ShardOf(Core.Events[type.Plan.Label.Target].IdKeyOf(Row.IdHash)), this);
        }
        else
        {
            _stage = RequestStage.Owner;
            Courier.Send(type.Tells.Length == 0 ? Core.ShardOf(type.IdKeyOf(Row.IdHash)) : ShardOf(type.Tells[0].Kind, type.Tells[0].KeySlot), this);
        }
    }

    /// <summary>Starts the reading of all features of the one entity in <see cref="Told"/>.</summary>
    public void Read()
    {
        Begin(null!, null);
        _stage = RequestStage.Read;
        Courier.Send(Core.ShardOf(Told[0].Kind, Told[0].Key), this);
    }

    public override void RunOnShard(Shard shard)
    {
        if (_generation != Core.Generation)
        {
            End(GridException.Unavailable("The grid dropped what was under way after a failed write; nothing was changed."));
            return;
        }

        try
        {
            switch (_stage)
            {
                case RequestStage.Foreign:
                    ReadForeignOnShard(shard);
                    break;
                case RequestStage.Owner when _decision is not null:
                    DecideOnShard(shard, _decision);
                    break;
                case RequestStage.Owner:
                    ObserveOnShard(shard);
                    break;
                case RequestStage.Tell:
                    TellOnShard(shard);
                    break;
                case RequestStage.Find:
                    FindOnShard(shard);
                    break;
                case RequestStage.Amend:
                    AmendOnShard(shard);
                    break;
                case RequestStage.Read:
                    ReadOnShard(shard);
                    break;
                default:
                    throw new InvalidOperationException($"A request has no stage {_stage}.");
            }
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    /// <summary>The model has scored: journals the decision, answers, and goes on to tell the others.</summary>
    public void DecidedOnShard(Shard shard, string model)
    {
        try
        {
            var decision = _decision!;
            var scratch = shard.ScratchOf(16 + RowRecord.MaxBytes(Row, _event.Sent) + DecisionRecord.MaxBytes(Frame, model));
            var writer = new SpanWriter(scratch);
            writer.Byte((byte)(_applied ? RecordKind.Decision : RecordKind.LaterDecision));
            writer.VarUInt((ulong)decision.Plan.Ordinal);
            RowRecord.Write(ref writer, Row, _event.Sent);
            var length = writer.Written + DecisionRecord.Write(Frame, model, scratch[writer.Written..]);
            var position = Append(scratch[..length]);
            if (position == 0)
            {
                End(Refusal());
                return;
            }

            var owner = Row[decision.Plan.OwnerKeySlot].Text!;
            if (_applied)
            {
                shard.Entities.Include(_owner, position);
            }

            _answer = Frame.ToDecision(DecisionId.Of(position), owner, model, Core.BundleName);
            Register(position);
            if (_applied)
            {
                (_stage, _step) = (RequestStage.Tell, -1);
                TellNext(decision.OthersTold);
            }
            else
            {
                End(null);
            }
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    /// <summary>A label that had waited for this event was told to everyone.</summary>
    public void ChildDone() => PartDone();

    void ICommitWaiter.CommitDone(Exception? failure)
    {
        if (failure is not null)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }

        if (Interlocked.Decrement(ref _parts) == 0)
        {
            Core.Completions.Add(this);
        }
    }

    /// <summary>Ends the call and runs what waits for it on this thread, which must be in no shard and hold nothing up.</summary>
    public void EndInline()
    {
        _source.RunContinuationsAsynchronously = false;
        Complete();
    }

    ValueTaskSourceStatus IValueTaskSource<Decision>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<EventReceipt>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<EntityFeatures>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Decision>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<EventReceipt>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<EntityFeatures>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    Decision IValueTaskSource<Decision>.GetResult(short token) => (Decision)Finish(token);

    EventReceipt IValueTaskSource<EventReceipt>.GetResult(short token) => (EventReceipt)Finish(token);

    EntityFeatures IValueTaskSource<EntityFeatures>.GetResult(short token) => (EntityFeatures)Finish(token);

    private object Finish(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            Recycle();
        }
    }

    /// <summary>Makes the request fit for its next use, and gives it back.</summary>
    public void Recycle()
    {
        _source.Reset();
        (_answer, _failure, _decision, Waited, Parent, _pass) = (null, null, null, 0, null, default);
        (_appended, _applied, _owner) = (false, false, default);
        Told.Clear();
        Core.Requests.Give(this);
    }

    private void Begin(EventFacts type, DecisionFacts? decision)
    {
        (_event, _decision) = (type, decision);
        (_parts, _step, _generation) = (1, 0, Core.Generation);
        _counted = true;
        Core.CallBegan();
    }

    private void SendToOwnerOrForeign()
    {
        var decision = _decision!;
        if (_step < decision.Foreign.Length)
        {
            var read = decision.Foreign[_step];
            if (Row[read.KeySlot].Text is { Length: > 0 })
            {
                _stage = RequestStage.Foreign;
                Courier.Send(ShardOf(read.Kind.Ordinal, read.KeySlot), this);
                return;
            }

            Core.Shards[0].Entities.Store.ReadEmpty(read.Kind.Ordinal, Row.At, read.Features.AsSpan(), Frame.ReadsOf(read));
            _step++;
            SendToOwnerOrForeign();
            return;
        }

        _stage = RequestStage.Owner;
        Courier.Send(ShardOf(decision.OwnerKind, decision.Plan.OwnerKeySlot), this);
    }

    private void ReadForeignOnShard(Shard shard)
    {
        var read = _decision!.Foreign[_step];
        shard.Entities.Read(read, Row[read.KeySlot].Text!, Row.At, Frame.ReadsOf(read));
        _step++;
        SendToOwnerOrForeign();
    }

    private void DecideOnShard(Shard shard, DecisionFacts decision)
    {
        var entities = shard.Entities;
        var key = Row[decision.Plan.OwnerKeySlot].Text!;
        _owner = entities.Touch(decision.OwnerKind, key);
        if (IsKnown(shard, _owner, decision.OwnerHolds, out var first))
        {
            if (first.IsDecision && first.Decision == decision.Plan.Ordinal)
            {
                Repeat(first.ToDecision(duplicate: true), first.Position);
                return;
            }

            if (!first.HasRow || first.Row[decision.Plan.OwnerKeySlot].Text != key)
            {
                throw GridException.Invalid(new(
                    _event.Plan.Fields[_event.Plan.IdSlot].Name,
                    $"'{Row.Id}', the id of an earlier event of another {decision.Plan.Owner.Name}",
                    "an id of its own"));
            }
        }
        else
        {
            first = null;
        }

        if (!Core.Journal.HasRoom)
        {
            End(Refusal());
            return;
        }

        if (!_owner.Exists)
        {
            _owner = entities.TouchOrCreate(decision.OwnerKind, key);
        }

        if (first is null)
        {
            if (entities.Store.Apply(_owner, Row) == ApplyOutcome.TooOld && FindAgain(shard, decision.Plan.Ordinal) is { } old)
            {
                Repeat(old.IsDecision ? old.ToDecision(duplicate: true) : throw NotDecided(), old.Position);
                return;
            }

            _applied = true;
        }

        var own = decision.Plan.Own;
        entities.Store.Read(_owner, Row.At, own.Features.AsSpan(), Frame.ReadsOf(own));
        shard.LaneOnShard(decision).AddOnShard(shard, this);
    }

    private static GridException NotDecided() => GridException.Invalid(
        new("", "an event that was observed too long ago to decide on", "an event of the last days"));

    private void ObserveOnShard(Shard shard)
    {
        var entities = shard.Entities;
        var tell = _event.Tells.Length == 0 ? null : _event.Tells[0];
        var key = tell is null ? null : Row[tell.KeySlot].Text;
        _owner = key is null ? EntityHandle.None : entities.Touch(tell!.Kind, key);
        if (IsKnown(shard, _owner, _event.FirstHolds && key is not null, out var first))
        {
            Repeat(EventReceipt.Duplicate, first.Position);
            return;
        }

        if (!Core.Journal.HasRoom)
        {
            End(Refusal());
            return;
        }

        if (key is not null)
        {
            _owner = _owner.Exists ? _owner : entities.TouchOrCreate(tell!.Kind, key);
            if (entities.Store.Apply(_owner, Row) == ApplyOutcome.TooOld && FindAgain(shard, -1) is { } old)
            {
                Repeat(EventReceipt.Duplicate, old.Position);
                return;
            }
        }

        var writer = new SpanWriter(shard.ScratchOf(16 + RowRecord.MaxBytes(Row, _event.Sent)));
        writer.Byte((byte)RecordKind.Event);
        RowRecord.Write(ref writer, Row, _event.Sent);
        var position = Append(shard.Scratch.AsSpan(0, writer.Written));
        if (position == 0)
        {
            End(Refusal());
            return;
        }

        if (_owner.Exists)
        {
            entities.Include(_owner, position);
        }

        Core.Metrics.Observed();
        _answer = EventReceipt.Accepted;
        Register(position);
        (_stage, _step) = (RequestStage.Tell, key is null ? -1 : 0);
        TellNext(_event.Tells);
    }

    /// <summary>Whether the event was taken in before. The entity's own state says a certain no; for a yes the record is read.</summary>
    private bool IsKnown(Shard shard, EntityHandle owner, bool holds, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JournalRecord? first)
    {
        var maybeHeld = !holds || (owner.Exists && shard.Entities.Store.MayHold(owner, _event.Plan.Ordinal, Row.IdHash));
        first = null;
        if (!maybeHeld && !Core.Ids.Holds(_event.IdKeyOf(Row.IdHash)))
        {
            return false;
        }

        shard.ScoreOnShard(); // The first of the two may wait in this very shard to be scored: it is journaled then.
        first = shard.Answers.FindEvent(_event, Row.Id, Row.IdHash, _decision?.Plan.Ordinal ?? -1, alsoOld: maybeHeld);
        return first is not null;
    }

    private JournalRecord? FindAgain(Shard shard, int decision) =>
        shard.Answers.FindEvent(_event, Row.Id, Row.IdHash, decision, alsoOld: true);

    private void TellOnShard(Shard shard)
    {
        var others = _decision?.OthersTold ?? _event.Tells;
        var tell = others[_step];
        var entity = shard.Entities.TouchOrCreate(tell.Kind, Row[tell.KeySlot].Text!);
        shard.Entities.Store.Apply(entity, Row);
        shard.Entities.Include(entity, Position);
        TellNext(others);
    }

    private void TellNext(TellPlan[] others)
    {
        while (++_step < others.Length)
        {
            var tell = others[_step];
            if (Row[tell.KeySlot].Text is { Length: > 0 })
            {
                Courier.Send(ShardOf(tell.Kind, tell.KeySlot), this);
                return;
            }
        }

        End(null);
    }

    private void FindOnShard(Shard shard)
    {
        var label = _event.Plan.Label!;
        var target = Core.Events[label.Target];
        var content = _event.ContentKeyOf(Row);
        if (Waited == 0 && shard.Answers.FindLabel(_event, Row, content) is var before and not 0)
        {
            Repeat(EventReceipt.Duplicate, before);
            return;
        }

        if (!Core.Journal.HasRoom)
        {
            End(Refusal());
            return;
        }

        var eventKey = target.IdKeyOf(Row.IdHash);
        var found = shard.Answers.FindEvent(target, Row.Id, Row.IdHash, -1, alsoOld: true);
        if (found is null && Waited != 0)
        {
            End(null); // Only the hash of its event's id was seen: it waits on.
            return;
        }

        if (found is null)
        {
            if (!AwaitEvent(shard, content, eventKey))
            {
                RunOnShard(shard); // Its event has come meanwhile: it will be found now.
            }

            return;
        }

        Core.ConcernedBy(found, Told);
        var position = AppendLabel(shard, new(found.Position, found.At, StableHash.Of(found.EventId)));
        if (position == 0)
        {
            End(Refusal());
            return;
        }

        if (Waited == 0)
        {
            Core.Ids.Add(content, position);
            Core.Metrics.Labelled();
        }
        else
        {
            Core.Ids.Arrived(eventKey, Waited);
        }

        _answer = EventReceipt.Accepted;
        (_stage, _step) = (RequestStage.Amend, -1);
        AmendNext();
    }

    /// <summary>Has the label wait for its event, in memory and in the journal; false where the event came meanwhile.</summary>
    private bool AwaitEvent(Shard shard, ulong content, ulong eventKey)
    {
        if (Core.Ids.Holds(eventKey))
        {
            return false;
        }

        var writer = new SpanWriter(shard.ScratchOf(16 + RowRecord.MaxBytes(Row, _event.Sent)));
        writer.Byte((byte)RecordKind.WaitingLabel);
        RowRecord.Write(ref writer, Row, _event.Sent);
        var position = Append(shard.Scratch.AsSpan(0, writer.Written));
        if (position == 0)
        {
            End(Refusal());
            return true;
        }

        Core.Ids.Add(content, position);
        Core.Metrics.Labelled();
        _answer = EventReceipt.Accepted;
        if (!Core.Ids.Wait(eventKey, new(position, eventKey)))
        {
            Core.Ids.Restore(new(position, eventKey));
            Interlocked.Increment(ref _parts);
            Core.StartWaitingLabel(position, this); // The event came between the two looks: the label goes on its way by itself.
        }

        End(null);
        return true;
    }

    private long AppendLabel(Shard shard, LabelTarget target)
    {
        LabelTargets = target;
        var bytes = 64 + RowRecord.MaxBytes(Row, _event.Sent);
        foreach (var told in Told)
        {
            bytes += 8 + (told.Key.Length * 3);
        }

        var writer = new SpanWriter(shard.ScratchOf(bytes));
        writer.Byte((byte)RecordKind.Label);
        RowRecord.Write(ref writer, Row, _event.Sent);
        writer.VarUInt((ulong)target.Position);
        writer.VarInt(target.At.UnixMilliseconds);
        writer.Int64((long)target.IdHash);
        writer.VarUInt((ulong)Waited);
        writer.VarUInt((ulong)Told.Count);
        foreach (var told in Told)
        {
            writer.VarUInt((ulong)told.Kind);
            writer.Text(told.Key);
        }

        return Append(shard.Scratch.AsSpan(0, writer.Written));
    }

    private LabelTarget LabelTargets { get; set; }

    private void AmendOnShard(Shard shard)
    {
        var told = Told[_step];
        var entity = shard.Entities.Touch(told.Kind, told.Key);
        if (entity.Exists)
        {
            shard.Entities.Store.Amend(entity, _event.Plan.Label!.Target, LabelTargets.At, LabelTargets.IdHash, Row);
            shard.Entities.Include(entity, Position);
        }

        AmendNext();
    }

    private void AmendNext()
    {
        if (++_step < Told.Count)
        {
            Courier.Send(Core.ShardOf(Told[_step].Kind, Told[_step].Key), this);
        }
        else
        {
            End(null);
        }
    }

    private void ReadOnShard(Shard shard)
    {
        _answer = shard.Entities.ReadAll(Told[0].Kind, Told[0].Key, At);
        End(null);
    }

    private Shard ShardOf(int kind, int keySlot) => Core.ShardOf(kind, Row[keySlot].Text!);

    private long Position { get; set; }

    private long Append(ReadOnlySpan<byte> record)
    {
        var waits = Core.Options.Durability == Durability.Committed && Waited == 0;
        _parts = waits ? 2 : 1; // Before the append: the journal may be done with it before this thread goes on.
        Position = Core.Journal.Append(record, Row.At.UnixMilliseconds, waits ? this : null, out _pass);
        _appended = Position != 0;
        if (!_appended)
        {
            _parts = 1;
        }

        return Position;
    }

    /// <summary>Makes the event findable by its id, and sends the labels that waited for it on their way.</summary>
    private void Register(long position)
    {
        var key = _event.IdKeyOf(Row.IdHash);
        if (!_event.IsLabelled)
        {
            Core.Ids.Add(key, position);
        }
        else if (Core.Ids.AddAndFindWaiting(key, position, out var waiting))
        {
            Interlocked.Add(ref _parts, waiting.Count);
            foreach (var label in waiting)
            {
                Core.StartWaitingLabel(label.Position, this);
            }
        }
    }

    /// <summary>Gives the first answer again, once it is on disk.</summary>
    private void Repeat(object answer, long position)
    {
        Core.Metrics.Duplicate();
        _answer = answer;
        if (Core.Options.Durability == Durability.Committed && position > Core.Journal.Committed)
        {
            _parts = 2;
            if (!Core.Journal.Join(this))
            {
                _parts = 1;
                _failure = Refusal();
            }
        }

        End(null);
    }

    private GridException Refusal()
    {
        Core.Metrics.Refused();
        return GridException.Unavailable(Core.Unavailable ?? "More is waiting to be written than the journal can take now; asking again later may do.");
    }

    /// <summary>Something that must not happen did. Before anything was changed it is the call's own failure; after, memory is not to be trusted.</summary>
    private void Broke(Exception e)
    {
        if (_stage is RequestStage.Foreign or RequestStage.Read || (!_appended && !_applied && e is JournalException or GridException))
        {
            End(e as GridException ?? GridException.Unavailable(e.Message, e));
            return;
        }

        Core.Distrust(e);
        End(GridException.Unavailable($"A turn broke off: {e.Message} Memory was dropped and is read again from the journal.", e));
    }

    /// <summary>The way through the shards has ended.</summary>
    private void End(Exception? failure)
    {
        if (_appended)
        {
            _pass.GiveBack();
        }

        if (failure is not null)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }

        PartDone();
    }

    private void PartDone()
    {
        if (Interlocked.Decrement(ref _parts) == 0)
        {
            _source.RunContinuationsAsynchronously = true; // This thread is in a shard.
            Complete();
        }
    }

    private void Complete()
    {
        if (_counted)
        {
            Core.CallEnded();
        }

        if (Waited != 0)
        {
            var parent = Parent;
            Recycle(); // Nobody awaits it.
            parent?.ChildDone();
        }
        else if (_failure is { } failure)
        {
            _source.SetException(failure);
        }
        else
        {
            _source.SetResult(_answer!);
        }
    }
}

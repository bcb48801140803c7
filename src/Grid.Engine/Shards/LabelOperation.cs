using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Engine;

/// <summary>
/// The way of a label: to the shard where its event is known by its id, then to every entity that was told of that event. Where the event has
/// not come yet the label waits for it, and takes this way again when it comes.
/// </summary>
internal sealed class LabelOperation(EngineCore core, TurnFrame frame, Completion completion) : TurnOperation(core, frame, completion)
{
    private readonly List<Told> _told = [];
    private EventFacts _type = null!;
    private EventFacts _event = null!;
    private LabelTarget _target;
    private long _waited;
    private bool _found;
    private int _step;

    /// <summary>Starts on the label that the row holds.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="label">What it says of which event.</param>
    /// <param name="waited">The position where it waited for its event; 0 of one that is new.</param>
    public void Start(EventFacts type, LabelPlan label, long waited)
    {
        Begin();
        (_type, _event, _waited, _found) = (type, Core.Events[label.Target], waited, false);
        Scheduler.Send(Core.ShardOf(_event.IdKeyOf(Row.IdHash)), this);
    }

    protected override void StepOnShard(Shard shard)
    {
        if (_found)
        {
            AmendOnShard(shard);
        }
        else
        {
            FindOnShard(shard);
        }
    }

    private void FindOnShard(Shard shard)
    {
        var content = _type.ContentKeyOf(Row);
        if (_waited == 0 && shard.Answers.FindLabel(_type, Row, content) is var before and not 0)
        {
            Repeat(EventReceipt.Duplicate, before);
            return;
        }

        if (!Core.Journal.HasRoom)
        {
            Refuse();
            return;
        }

        var found = shard.Answers.FindTarget(_event, Row);
        if (found is not null)
        {
            Take(shard, found, content);
        }
        else if (_waited != 0)
        {
            End(null); // Only the hash of its event's id was seen: it waits on.
        }
        else if (Core.Ids.Holds(_event.IdKeyOf(Row.IdHash)))
        {
            RunOnShard(shard); // Its event has come meanwhile: it will be found now.
        }
        else
        {
            WaitOnShard(shard, content);
        }
    }

    /// <summary>Journals the label with its event, and goes on to whom that event was told.</summary>
    private void Take(Shard shard, JournalRecord found, ulong content)
    {
        Core.ConcernedBy(found, _told);
        _target = new(found.Position, found.At, StableHash.Of(found.EventId));
        if (!TryAppendLabel(shard))
        {
            Refuse();
            return;
        }

        if (_waited == 0)
        {
            Core.Ids.Add(content, Position);
            Core.Metrics.Labelled();
        }
        else
        {
            Core.Ids.Arrived(_event.IdKeyOf(Row.IdHash), _waited);
        }

        Completion.Answer(EventReceipt.Accepted);
        (_found, _step) = (true, 0);
        AmendNext();
    }

    /// <summary>Has the label wait for its event, in memory and in the journal.</summary>
    private void WaitOnShard(Shard shard, ulong content)
    {
        if (!TryAppendRow(shard, RecordKind.WaitingLabel, _type))
        {
            Refuse();
            return;
        }

        Core.Ids.Add(content, Position);
        Core.Metrics.Labelled();
        Completion.Answer(EventReceipt.Accepted);
        var eventKey = _event.IdKeyOf(Row.IdHash);
        if (!Core.Ids.Wait(eventKey, new(Position, eventKey)))
        {
            Core.Ids.Restore(new(Position, eventKey));
            Completion.AddParts(1);
            Core.StartWaitingLabel(Position, Completion); // The event came between the two looks: the label goes on its way by itself.
        }

        End(null);
    }

    private bool TryAppendLabel(Shard shard)
    {
        var bytes = 64 + RowRecord.MaxBytes(Row, _type.Sent);
        foreach (var told in _told)
        {
            bytes += 8 + (told.Key.Length * 3);
        }

        var writer = new SpanWriter(shard.ScratchOf(bytes));
        writer.Byte((byte)RecordKind.Label);
        RowRecord.Write(ref writer, Row, _type.Sent);
        writer.VarUInt((ulong)_target.Position);
        writer.VarInt(_target.At.UnixMilliseconds);
        writer.Int64((long)_target.IdHash);
        writer.VarUInt((ulong)_waited);
        writer.VarUInt((ulong)_told.Count);
        foreach (var told in _told)
        {
            writer.VarUInt((ulong)told.Kind);
            writer.Text(told.Key);
        }

        return TryAppend(shard.Scratch.AsSpan(0, writer.Written));
    }

    private void AmendOnShard(Shard shard)
    {
        var told = _told[_step++];
        var entity = shard.Entities.Touch(told.Kind, told.Key);
        if (entity.Exists)
        {
            shard.Entities.Store.Amend(entity, _event.Plan.Ordinal, _target.At, _target.IdHash, Row);
            shard.Entities.Include(entity, Position);
        }

        AmendNext();
    }

    private void AmendNext()
    {
        if (_step < _told.Count)
        {
            Scheduler.Send(Core.ShardOf(_told[_step].Kind, _told[_step].Key), this);
        }
        else
        {
            End(null);
        }
    }
}

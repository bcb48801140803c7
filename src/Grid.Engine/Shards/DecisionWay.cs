using Grid.Decisions;
using Grid.Features;

namespace Grid.Engine;

/// <summary>
/// The way of a decision: past the other entities whose features it reads, into its owner's shard, where it waits to be scored and is journaled,
/// then to the others that the event concerns.
/// </summary>
internal sealed class DecisionWay(EngineCore core, TurnFrame frame, Completion completion) : TellingWay(core, frame, completion)
{
    private DecisionFacts _decision = null!;
    private int _foreign;
    private bool _applied;

    // Features of another entity are still to be read: nothing was changed yet.
    private bool IsReading => _foreign < _decision.Foreign.Length;

    public void Start(DecisionFacts decision)
    {
        Begin(decision.On);
        (_decision, _foreign, _applied) = (decision, 0, false);
        Frame.Begin(decision.Plan);
        ReadOnOrTurn();
    }

    public override void RunOnShard(Shard shard)
    {
        if (WasDropped())
        {
            return;
        }

        try
        {
            if (IsTelling)
            {
                TellOnShard(shard);
            }
            else if (IsReading)
            {
                ReadOnShard(shard);
            }
            else
            {
                TurnOnShard(shard);
            }
        }
        catch (Exception e)
        {
            Broke(e, IsReading || (!_applied && IsOwnFailure(e)));
        }
    }

    /// <summary>The model has scored: journals the decision, answers, and goes on to tell the others.</summary>
    public void DecidedOnShard(Shard shard, string model)
    {
        try
        {
            if (!TryAppendDecision(shard, model))
            {
                Refuse();
                return;
            }

            if (_applied)
            {
                shard.Entities.Include(Owner, Position);
            }

            var owner = Row[_decision.Plan.OwnerKeySlot].Text!;
            Completion.Answer(Frame.ToDecision(DecisionId.Of(Position), owner, model, Core.BundleName));
            Register();
            if (_applied)
            {
                Tell(_decision.OthersTold, 0);
            }
            else
            {
                End(null);
            }
        }
        catch (Exception e)
        {
            Broke(e, !_applied && IsOwnFailure(e));
        }
    }

    private void ReadOnOrTurn()
    {
        for (; IsReading; _foreign++)
        {
            var read = _decision.Foreign[_foreign];
            if (Row[read.KeySlot].Text is { Length: > 0 })
            {
                Courier.Send(ShardOf(read.Kind.Ordinal, read.KeySlot), this);
                return;
            }

            Core.Shards[0].Entities.Store.ReadEmpty(read.Kind.Ordinal, Row.At, read.Features.AsSpan(), Frame.ReadsOf(read));
        }

        Courier.Send(ShardOf(_decision.OwnerKind, _decision.Plan.OwnerKeySlot), this);
    }

    private void ReadOnShard(Shard shard)
    {
        var read = _decision.Foreign[_foreign];
        shard.Entities.Read(read, Row[read.KeySlot].Text!, Row.At, Frame.ReadsOf(read));
        _foreign++;
        ReadOnOrTurn();
    }

    private void TurnOnShard(Shard shard)
    {
        var entities = shard.Entities;
        var plan = _decision.Plan;
        var key = Row[plan.OwnerKeySlot].Text!;
        Owner = entities.Touch(_decision.OwnerKind, key);
        if (IsKnown(shard, _decision.OwnerHolds, plan.Ordinal, out var first))
        {
            if (first.IsDecision && first.Decision == plan.Ordinal)
            {
                Repeat(first.ToDecision(DecisionId.Of(first.Position), duplicate: true), first.Position);
                return;
            }

            if (!first.HasRow || first.Row[plan.OwnerKeySlot].Text != key)
            {
                throw IdTaken();
            }
        }

        if (!Core.Journal.HasRoom)
        {
            Refuse();
            return;
        }

        if (!Owner.Exists)
        {
            Owner = entities.TouchOrCreate(_decision.OwnerKind, key);
        }

        if (first is null)
        {
            if (entities.Store.Apply(Owner, Row) == ApplyOutcome.TooOld && FindOld(shard, plan.Ordinal) is { } old)
            {
                Repeat(old.IsDecision ? old.ToDecision(DecisionId.Of(old.Position), duplicate: true) : throw NotDecided(), old.Position);
                return;
            }

            _applied = true;
        }

        entities.Store.Read(Owner, Row.At, plan.Own.Features.AsSpan(), Frame.ReadsOf(plan.Own));
        shard.LaneOnShard(_decision).AddOnShard(shard, this);
    }

    private bool TryAppendDecision(Shard shard, string model)
    {
        var scratch = shard.ScratchOf(16 + RowRecord.MaxBytes(Row, Type.Sent) + DecisionRecord.MaxBytes(Frame, model));
        var writer = new SpanWriter(scratch);
        writer.Byte((byte)(_applied ? RecordKind.Decision : RecordKind.LaterDecision));
        writer.VarUInt((ulong)_decision.Plan.Ordinal);
        RowRecord.Write(ref writer, Row, Type.Sent);
        var length = writer.Written + DecisionRecord.Write(Frame, model, scratch[writer.Written..]);
        return TryAppend(scratch[..length]);
    }

    private GridException IdTaken() => GridException.Invalid(new(
        Type.Plan.Fields[Type.Plan.IdSlot].Name,
        $"'{Row.Id}', the id of an earlier event of another {_decision.Plan.Owner.Name}",
        "an id of its own"));

    private static GridException NotDecided() => GridException.Invalid(
        new("", "an event that was observed too long ago to decide on", "an event of the last days"));
}

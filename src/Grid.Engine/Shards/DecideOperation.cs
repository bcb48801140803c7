using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Binary;

namespace Grid.Engine;

/// <summary>
/// A decision: fetches the features of other entities, takes its turn in the owner's shard, where it joins an inference batch and appends its
/// record, then delivers the event to its recipients.
/// </summary>
internal class DecideOperation(EngineCore core, TurnFrame frame, Completion completion) : DeliveringOperation(core, frame, completion), IFetchContinuation
{
    private DecisionFacts _decision = null!;
    private FeatureFetch? _fetch;
    private int[] _wants = [];
    private int _foreign;
    private bool _applied;

    protected DecisionFacts Decision => _decision;

    // Features of another entity are still to be read: nothing was changed yet.
    private bool IsReading => _foreign < _decision.Foreign.Length;

    public void Start(DecisionFacts decision)
    {
        Begin(decision);
        Frame.Begin(decision.Plan);
        if (decision.Plan.Freshness is null)
        {
            ReadOnOrTurn();
        }
        else
        {
            StartFetch();
        }
    }

    void IFetchContinuation.Fetched()
    {
        try
        {
            _foreign = _decision.Foreign.Length; // Nothing is left to be asked for.
            if (_fetch!.Failure is { } failure)
            {
                Broke(failure, nothingChanged: true);
                return;
            }

            TakeFetched(_fetch);
            _fetch = null;
            SendToOwner();
        }
        catch (Exception e)
        {
            Broke(e, nothingChanged: true);
        }
    }

    protected override void StepOnShard(Shard shard)
    {
        if (IsTelling)
        {
            DeliverOnShard(shard);
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

    protected override bool ChangedNothing(Exception e) => IsReading || (!_applied && base.ChangedNothing(e));

    /// <summary>The model has scored: journals the decision, answers, and goes on to tell the others.</summary>
    public void DecidedOnShard(Shard shard, string model)
    {
        try
        {
            AnswerOnShard(shard, model);
        }
        catch (Exception e)
        {
            Broke(e, ChangedNothing(e));
        }
    }

    protected void Begin(DecisionFacts decision)
    {
        Begin(decision.On);
        (_decision, _foreign, _applied, _fetch) = (decision, 0, false, null);
    }

    /// <summary>Asks for everything at once, for as long as the decision's deadline allows.</summary>
    protected void StartFetch()
    {
        _fetch = new(Core, _decision, Row.At, this);
        try
        {
            AddWants(_fetch);
        }
        catch (Exception e)
        {
            Broke(e, nothingChanged: true);
            return;
        }

        _fetch.Start();
    }

    protected virtual void AddWants(FeatureFetch fetch)
    {
        _wants = _wants.Length < _decision.Foreign.Length ? new int[_decision.Foreign.Length] : _wants;
        for (var i = 0; i < _decision.Foreign.Length; i++)
        {
            _wants[i] = Row[_decision.Foreign[i].KeySlot].Text is { Length: > 0 } key ? fetch.Want(i, key) : -1;
        }
    }

    protected virtual void TakeFetched(FeatureFetch fetch)
    {
        for (var i = 0; i < _decision.Foreign.Length; i++)
        {
            ReadFetched(fetch, i, _wants[i], Frame);
        }
    }

    /// <summary>Takes what was gathered of one entity into a frame; of none, what is read of one that nothing was ever told of.</summary>
    protected void ReadFetched(FeatureFetch fetch, int foreign, int want, TurnFrame into)
    {
        var read = _decision.Foreign[foreign];
        if (want >= 0)
        {
            fetch.ReadInto(want, into.ReadsOf(read), _decision.Plan.Freshness is null ? [] : into.OriginsOf(read));
        }
        else
        {
            Core.Shards[0].Entities.Store.ReadEmpty(read.Kind.Ordinal, Row.At, read.Features.AsSpan(), into.ReadsOf(read));
        }
    }

    /// <summary>Whether a record is an answer of this decision.</summary>
    protected virtual bool IsFirst(JournalRecord record) => record.IsDecision && record.Decision == _decision.Plan.Ordinal;

    /// <summary>Whether the request asks for what such a record answered, and not for something else on the same event.</summary>
    protected virtual bool AsksTheSame(JournalRecord record) => true;

    /// <summary>Begins anew, with the row as it is now.</summary>
    protected virtual void StartAgain() => Start(_decision);

    /// <summary>The answer that such a record holds, again.</summary>
    protected virtual object AnswerOf(JournalRecord record) => record.ToDecision(DecisionId.Of(record.Position), duplicate: true);

    /// <summary>The event is applied, or was before: reads the owner's features and has the decision scored.</summary>
    protected virtual void ScoreOnShard(Shard shard)
    {
        var own = _decision.Plan.Own;
        shard.Entities.Store.Read(Owner, Row.At, own.Features.AsSpan(), Frame.ReadsOf(own));
        shard.InferenceBatchOnShard(_decision).AddOnShard(shard, this);
    }

    /// <summary>The answer is made: journals it, answers, and goes on to tell the others.</summary>
    protected void AnswerOnShard(Shard shard, string model)
    {
        if (!TryAppendDecision(shard, model, _applied))
        {
            Refuse();
            return;
        }

        if (_applied)
        {
            shard.Entities.Include(Owner, Position);
        }

        Completion.Answer(ToAnswer(DecisionId.Of(Position), Row[_decision.Plan.OwnerKeySlot].Text!, model));
        Register();
        if (!_applied)
        {
            End(null);
        }
        else if (_decision.Plan.Freshness?.Deadline is not null && _decision.Recipients.Length > 0)
        {
            // Who does not answer by the deadline cannot be told by then either.
            Core.Requests.Take().DeliverLater(Type, Row, Owner, _decision.Recipients, HandOver());
            End(null);
        }
        else
        {
            Deliver(_decision.Recipients, 0);
        }
    }

    protected virtual object ToAnswer(string id, string owner, string model) => Frame.ToDecision(id, owner, model, Core.BundleName);

    private void ReadOnOrTurn()
    {
        for (; IsReading; _foreign++)
        {
            var read = _decision.Foreign[_foreign];
            if (Row[read.KeySlot].Text is { Length: > 0 })
            {
                Scheduler.Send(ShardOf(read.Kind.Ordinal, read.KeySlot), this);
                return;
            }

            Core.Shards[0].Entities.Store.ReadEmpty(read.Kind.Ordinal, Row.At, read.Features.AsSpan(), Frame.ReadsOf(read));
        }

        SendToOwner();
    }

    private void SendToOwner() => Scheduler.Send(ShardOf(_decision.OwnerKind, _decision.Plan.OwnerKeySlot), this);

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
        var earlier = FindEarlier(shard, plan.Ordinal, out var first);
        if (earlier == Earlier.UnderWay || (earlier != Earlier.None && AnswersFromEarlier(earlier, first!)))
        {
            return;
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

        if (earlier == Earlier.None)
        {
            entities.Store.Apply(Owner, Row);
            _applied = true;
        }

        ScoreOnShard(shard);
    }

    /// <summary>Ends the way where an earlier event answers it.</summary>
    /// <returns>False where the request is to be decided on, for the same event was observed and not decided on.</returns>
    private bool AnswersFromEarlier(Earlier earlier, JournalRecord first)
    {
        if (earlier == Earlier.Other)
        {
            Conflict(EventContent.Conflict(first, Type, Row, _decision.Plan.OwnerKeySlot));
        }
        else if (IsFirst(first) && AsksTheSame(first))
        {
            Repeat(AnswerOf(first), first.Position);
        }
        else if (IsFirst(first))
        {
            Conflict(EventContent.OtherCandidates(Type, Row, _decision.Plan.OwnerKeySlot));
        }
        else if (Row.IsTimeAssigned)
        {
            Row.TakeTime(first.At); // It is the event's time, not that of this request, which was sent without one.
            StartAgain();
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Conflict(GridException conflict)
    {
        Core.Metrics.Rejected();
        End(conflict);
    }

    protected virtual bool TryAppendDecision(Shard shard, string model, bool applied)
    {
        var scratch = shard.ScratchOf(16 + RowRecord.MaxBytes(Row, Type.Sent) + DecisionRecord.MaxBytes(Frame, model));
        var writer = new SpanWriter(scratch);
        writer.Byte((byte)(applied ? RecordKind.Decision : RecordKind.LaterDecision));
        writer.VarUInt((ulong)_decision.Plan.Ordinal);
        RowRecord.Write(ref writer, Row, Type.Sent);
        var length = writer.Written + DecisionRecord.Write(Frame, model, scratch[writer.Written..]);
        return TryAppend(scratch[..length]);
    }
}

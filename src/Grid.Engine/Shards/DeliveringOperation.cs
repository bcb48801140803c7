using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>The way of an event, decided on or not: taken in where it is not known yet, and then told to every entity that it concerns.</summary>
internal abstract class DeliveringOperation(EngineCore core, TurnFrame frame, Completion completion) : TurnOperation(core, frame, completion)
{
    private KeyPlan[] _told = [];
    private int _step;
    private ulong _claimed;
    private bool _hasClaim;

    /// <summary>Whether the event is taken in and is being told to others.</summary>
    protected bool IsTelling { get; private set; }

    protected EventFacts Type { get; private set; } = null!;

    /// <summary>The entity that takes it in; none until it is found or made.</summary>
    protected EntityHandle Owner { get; set; }

    protected void Begin(EventFacts type)
    {
        Begin();
        (Type, Owner, IsTelling) = (type, EntityHandle.None, false);
    }

    /// <summary>
    /// Looks for an earlier event of the same id, whoever owns it. Where there is none, the id is claimed until this event is journaled or
    /// given up, so that another event of the same id, in whichever shard, waits for this one: the answer is the same as if it had come
    /// later.
    /// </summary>
    /// <param name="shard">The owner's shard.</param>
    /// <param name="decision">The decision whose record counts before others; -1 of none.</param>
    /// <param name="first">The record of the earlier event, where there is one.</param>
    /// <returns><see cref="Earlier.UnderWay"/> where the way goes on later: it is sent to the shard again.</returns>
    protected Earlier FindEarlier(Shard shard, int decision, out JournalRecord? first)
    {
        first = null;
        _claimed = Type.IdKeyOf(Row.IdHash);
        var claim = Core.Ids.TryClaim(_claimed);
        if (claim == IdClaim.Taken)
        {
            shard.ScoreOnShard(); // The first of the two may wait in this very shard to be scored: it is journaled then.
            claim = Core.Ids.TryClaimOrWait(_claimed, shard, this);
        }

        _hasClaim = claim != IdClaim.Taken;
        if (claim != IdClaim.Seen)
        {
            return claim == IdClaim.New ? Earlier.None : Earlier.UnderWay;
        }

        shard.ScoreOnShard(); // The same decision on an event that had been observed may wait here, too.
        var earlier = shard.Answers.FindEvent(Type, Row, decision, out first);
        if (earlier != Earlier.None)
        {
            ReleaseClaim();
        }

        return earlier;
    }

    /// <summary>Makes what was appended findable by its id, and sends the labels that waited for it on their way.</summary>
    protected void Register()
    {
        var key = Type.IdKeyOf(Row.IdHash);
        if (!Type.IsLabelled)
        {
            Core.Ids.Add(key, Position);
        }
        else if (Core.Ids.AddAndFindWaiting(key, Position, out var waiting))
        {
            Completion.AddParts(waiting.Count);
            foreach (var label in waiting)
            {
                Core.StartWaitingLabel(label.Position, Completion);
            }
        }

        ReleaseClaim();
    }

    protected override void Ending() => ReleaseClaim();

    /// <summary>Goes on to tell the others, one after another, and ends the way.</summary>
    /// <param name="others">They.</param>
    /// <param name="from">The first of them that was not told yet.</param>
    protected void Deliver(KeyPlan[] others, int from)
    {
        (IsTelling, _told, _step) = (true, others, from);
        TellNext();
    }

    protected void DeliverOnShard(Shard shard)
    {
        var tell = _told[_step];
        var entity = shard.Entities.TouchOrCreate(tell.Kind, Row[tell.KeySlot].Text!);
        shard.Entities.Store.Apply(entity, Row);
        shard.Entities.Include(entity, Position);
        _step++;
        TellNext();
    }

    private void ReleaseClaim()
    {
        if (_hasClaim)
        {
            _hasClaim = false;
            Core.Ids.Release(_claimed);
        }
    }

    private void TellNext()
    {
        for (; _step < _told.Length; _step++)
        {
            var tell = _told[_step];
            if (Row[tell.KeySlot].Text is { Length: > 0 })
            {
                Scheduler.Send(ShardOf(tell.Kind, tell.KeySlot), this);
                return;
            }
        }

        End(null);
    }
}

using System.Diagnostics.CodeAnalysis;

using Grid.Decisions;
using Grid.Features;

namespace Grid.Engine;

/// <summary>The way of an event, decided on or not: taken in where it is not known yet, and then told to every entity that it concerns.</summary>
internal abstract class TellingWay(EngineCore core, TurnFrame frame, Completion completion) : RequestWay(core, frame, completion)
{
    private TellPlan[] _told = [];
    private int _step;

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

    /// <summary>Whether the event was taken in before. The entity's own state says a certain no; for a yes the record is read.</summary>
    /// <param name="shard">The owner's shard.</param>
    /// <param name="holds">Whether the owner keeps the events of the type.</param>
    /// <param name="decision">The decision whose record counts before others; -1 of none.</param>
    /// <param name="first">The record.</param>
    protected bool IsKnown(Shard shard, bool holds, int decision, [NotNullWhen(true)] out JournalRecord? first)
    {
        var maybeHeld = !holds || (Owner.Exists && shard.Entities.Store.MayHold(Owner, Type.Plan.Ordinal, Row.IdHash));
        first = null;
        if (!maybeHeld && !Core.Ids.Holds(Type.IdKeyOf(Row.IdHash)))
        {
            return false;
        }

        shard.ScoreOnShard(); // The first of the two may wait in this very shard to be scored: it is journaled then.
        first = shard.Answers.FindEvent(Type, Row.Id, Row.IdHash, decision, alsoOld: maybeHeld);
        return first is not null;
    }

    /// <summary>Looks for an event that the owner no longer holds for its age.</summary>
    protected JournalRecord? FindOld(Shard shard, int decision) => shard.Answers.FindEvent(Type, Row.Id, Row.IdHash, decision, alsoOld: true);

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
    }

    /// <summary>Goes on to tell the others, one after another, and ends the way.</summary>
    /// <param name="others">They.</param>
    /// <param name="from">The first of them that was not told yet.</param>
    protected void Tell(TellPlan[] others, int from)
    {
        (IsTelling, _told, _step) = (true, others, from);
        TellNext();
    }

    protected void TellOnShard(Shard shard)
    {
        var tell = _told[_step];
        var entity = shard.Entities.TouchOrCreate(tell.Kind, Row[tell.KeySlot].Text!);
        shard.Entities.Store.Apply(entity, Row);
        shard.Entities.Include(entity, Position);
        _step++;
        TellNext();
    }

    private void TellNext()
    {
        for (; _step < _told.Length; _step++)
        {
            var tell = _told[_step];
            if (Row[tell.KeySlot].Text is { Length: > 0 })
            {
                Courier.Send(ShardOf(tell.Kind, tell.KeySlot), this);
                return;
            }
        }

        End(null);
    }
}

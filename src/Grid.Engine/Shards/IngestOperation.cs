using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>The way of an observed event: into the shard of the first entity that it concerns, then to the others.</summary>
internal sealed class IngestOperation(EngineCore core, TurnFrame frame, Completion completion) : DeliveringOperation(core, frame, completion)
{
    public void Start(EventFacts type)
    {
        Begin(type);
        Scheduler.Send(type.Keys.Length == 0 ? Core.ShardOf(type.IdKeyOf(Row.IdHash)) : ShardOf(type.Keys[0].Kind, type.Keys[0].KeySlot), this);
    }

    protected override void StepOnShard(Shard shard)
    {
        if (IsTelling)
        {
            DeliverOnShard(shard);
        }
        else
        {
            TakeInOnShard(shard);
        }
    }

    private void TakeInOnShard(Shard shard)
    {
        var entities = shard.Entities;
        var tell = Type.Keys.Length == 0 ? null : Type.Keys[0];
        var key = tell is null ? null : Row[tell.KeySlot].Text;
        Owner = key is null ? EntityHandle.None : entities.Touch(tell!.Kind, key);
        switch (FindEarlier(shard, -1, out var first))
        {
            case Earlier.Same:
                Repeat(EventReceipt.Duplicate, first!.Position);
                return;
            case Earlier.Other:
                Core.Metrics.Rejected();
                Completion.Answer(EventReceipt.Conflict(EventContent.Conflict(first!, Type, Row, tell?.KeySlot ?? -1).ValidationError!));
                End(null);
                return;
            case Earlier.UnderWay:
                return;
        }

        if (!Core.Journal.HasRoom)
        {
            Refuse();
            return;
        }

        if (key is not null)
        {
            Owner = Owner.Exists ? Owner : entities.TouchOrCreate(tell!.Kind, key);
            entities.Store.Apply(Owner, Row);
        }

        if (!TryAppendRow(shard, RecordKind.Event, Type))
        {
            Refuse();
            return;
        }

        if (Owner.Exists)
        {
            entities.Include(Owner, Position);
        }

        Core.Metrics.Ingested();
        Completion.Answer(EventReceipt.Accepted);
        Register();
        Deliver(Type.Keys, key is null ? 0 : 1);
    }
}

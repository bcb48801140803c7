using Grid.Decisions.Turns;

namespace Grid.Engine;

/// <summary>The way of a read: to the entity's shard, and back with all its features.</summary>
internal sealed class ReadOperation(EngineCore core, TurnFrame frame, Completion completion) : TurnOperation(core, frame, completion)
{
    private int _kind;
    private string _key = "";
    private EventTime _at;

    public void Start(int kind, string key, EventTime at)
    {
        Begin();
        (_kind, _key, _at) = (kind, key, at);
        Scheduler.Send(Core.ShardOf(kind, key), this);
    }

    protected override void StepOnShard(Shard shard)
    {
        Completion.Answer(shard.Entities.ReadAll(_kind, _key, _at));
        End(null);
    }

    protected override bool ChangedNothing(Exception e) => true;
}

using Grid.Decisions.Hosting;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>
/// The way of an event that was decided on by a deadline, past the others that it concerns: the caller has been answered, and does not wait for them.
/// A crash between the two changes nothing: the event is in the journal, and who was not told then is told from there.
/// </summary>
internal sealed class LaterDeliveryOperation(EngineCore core, TurnFrame frame, Completion completion) : DeliveringOperation(core, frame, completion)
{
    /// <summary>Starts telling.</summary>
    /// <param name="type">The event's type; the frame's row holds the event.</param>
    /// <param name="owner">The entity that took it in.</param>
    /// <param name="others">Who is told.</param>
    /// <param name="appended">Where it is in the journal.</param>
    public void Start(EventFacts type, EntityHandle owner, KeyPlan[] others, Appended appended)
    {
        Begin(type);
        Owner = owner;
        TakeOver(appended);
        Deliver(others, 0);
    }

    protected override void StepOnShard(Shard shard) => DeliverOnShard(shard);

    protected override bool ChangedNothing(Exception e) => false;
}

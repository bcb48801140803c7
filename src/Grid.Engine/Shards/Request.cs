using Grid.Decisions.Hosting;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>
/// One call: a row to fill, the ways it may take through the shards, and the completion that the caller awaits. It is answered when every entity
/// that the event concerns was told and, at durability <c>committed</c>, the record is on disk: whoever was answered sees the effect
/// everywhere. Used again and again, with all its parts, so that a call allocates none.
/// </summary>
internal sealed class Request
{
    private readonly DecideOperation _decision;
    private readonly RankOperation _rank;
    private readonly IngestOperation _event;
    private readonly LaterDeliveryOperation _later;
    private readonly LabelOperation _label;
    private readonly ReadOperation _read;

    public Request(EngineCore core)
    {
        Core = core;
        Completion = new(this);
        _decision = new(core, Frame, Completion);
        _rank = new(core, Frame, Completion);
        _event = new(core, Frame, Completion);
        _later = new(core, Frame, Completion);
        _label = new(core, Frame, Completion);
        _read = new(core, Frame, Completion);
    }

    public EngineCore Core { get; }

    public TurnFrame Frame { get; } = new();

    public Completion Completion { get; }

    /// <summary>Starts a decision on the request that the frame's row holds.</summary>
    public void Decide(DecisionFacts decision)
    {
        Completion.Begin();
        _decision.Start(decision);
    }

    /// <summary>Starts a ranking on the request that the frame's row holds.</summary>
    public void Rank(DecisionFacts decision, RankFrame candidates)
    {
        Completion.Begin();
        _rank.Start(decision, candidates);
    }

    /// <summary>Starts the taking in of the event that the frame's row holds.</summary>
    public void Ingest(EventFacts type)
    {
        Completion.Begin();
        Start(type, 0);
    }

    /// <summary>Starts the label that the frame's row holds and that had waited for its event.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="waited">The position it waited at.</param>
    /// <param name="parent">The call that is answered only after it; may be null.</param>
    public void IngestWaiting(EventFacts type, long waited, Completion? parent)
    {
        Completion.BeginAsPartOf(parent);
        Start(type, waited);
    }

    /// <summary>Starts telling others of an event that another request has taken in.</summary>
    public void DeliverLater(EventFacts type, EventRow row, EntityHandle owner, KeyPlan[] others, Appended appended)
    {
        Frame.Row.Reset(type.Plan);
        for (var i = 0; i < row.Slots.Length; i++)
        {
            Frame.Row.Set(i, row[i]);
        }

        Frame.Row.Seal();
        Completion.BeginAsPartOf(null);
        _later.Start(type, owner, others, appended);
    }

    /// <summary>Starts the reading of all features of an entity.</summary>
    public void Read(int kind, string key, EventTime at)
    {
        Completion.Begin();
        _read.Start(kind, key, at);
    }

    private void Start(EventFacts type, long waited)
    {
        if (type.Plan.Label is { } label)
        {
            _label.Start(type, label, waited);
        }
        else
        {
            _event.Start(type);
        }
    }
}

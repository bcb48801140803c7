using Grid.Decisions.Hosting;

using Orleans.Concurrency;

namespace Grid.Orleans;

/// <summary>A thin shell around an entity's turns: checks what comes in, and lets turns wait side by side for what they wait for.</summary>
[Reentrant]
[GrainType(GrainIds.Entity)]
internal class EntityGrain : Grain, IEntityGrain, IPeerGrain
{
    private readonly EntityTurns? _turns;
    private readonly EntityId _entity;

    public EntityGrain(SiloCore core, IGrainContext activation)
        : this(core, activation, GrainIds.EntityOf(activation.GrainId.Key.ToString()!))
    {
    }

    protected EntityGrain(SiloCore core, IGrainContext activation, EntityId entity)
    {
        (Core, _entity) = (core, entity);
        var kind = entity.Kind == GrainIds.EventKind ? -1 : core.Kinds.GetValueOrDefault(entity.Kind, -2);
        if (kind >= -1)
        {
            _turns = new(core, entity, kind, core.Storage.RowsOf(activation, entity), reason =>
                activation.Deactivate(new(DeactivationReasonCode.ApplicationRequested, reason)));
        }
    }

    protected SiloCore Core { get; }

    private EntityTurns Turns => _turns ?? throw GridException.Unknown("kind", _entity.Kind, Core.Kinds.Keys.Order());

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _turns?.EndAsync() ?? Task.CompletedTask;

    public async Task<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation)
    {
        var facts = FactsOf(decision);
        if (facts.Plan.Candidates is not null)
        {
            throw GridException.NeedsCandidates(decision);
        }

        var call = Read(facts, request);
        var made = await Turns.DecideAsync(call, facts, cancellation);
        Core.Calls.Give(call); // Not after a failure: something of the turn may still be under way with it.
        return made;
    }

    public async Task<Ranking> RankAsync(string decision, RankRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var facts = FactsOf(decision);
        if (facts.Plan.Candidates is null)
        {
            throw GridException.TakesNoCandidates(decision);
        }

        var call = Read(facts, request.Request);
        var rank = Core.RankFrames.Take();
        if (rank.TryBegin(facts.Plan, call.Frame.Row, request.Candidates) is { } fault)
        {
            Core.Metrics.Rejected();
            Core.RankFrames.Give(rank);
            Core.Calls.Give(call);
            throw GridException.Invalid(fault);
        }

        var made = await Turns.RankAsync(call, facts, rank, cancellation);
        Core.RankFrames.Give(rank);
        Core.Calls.Give(call);
        return made;
    }

    public async Task<EventReceipt> IngestAsync(Event happened, CancellationToken cancellation)
    {
        var call = Core.Calls.Take();
        if (Requests.TryRead(Core, happened, call.Frame.Row, out var type) is { } fault)
        {
            Core.Calls.Give(call);
            return EventReceipt.Rejected(fault);
        }

        var receipt = await Turns.IngestAsync(call, type!, cancellation);
        Core.Calls.Give(call);
        return receipt;
    }

    public async Task<EventReceipt?> AmendAsync(Event label, CancellationToken cancellation)
    {
        var call = Core.Calls.Take();
        if (Requests.TryRead(Core, label, call.Frame.Row, out var type) is { } fault)
        {
            Core.Calls.Give(call);
            return EventReceipt.Rejected(fault);
        }

        var receipt = await Turns.AmendAsync(call, type!, cancellation);
        Core.Calls.Give(call);
        return receipt;
    }

    public Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation) =>
        EntityCheck.FaultOf(_entity.Key) is { } fault ? throw GridException.Invalid(fault) : Turns.ReadAllAsync(at);

    public Task<FeatureValues> ReadForAsync(string names, EventTime at, CancellationToken cancellation) => Turns.ReadForAsync(names, at);

    public Task HearAsync(Heard heard, CancellationToken cancellation) => Turns.HearAsync(heard);

    public Task HearInboxAsync(CancellationToken cancellation) => Turns.HearInboxAsync(cancellation);

    public Task<Decision?> FindDecisionAsync(long version, CancellationToken cancellation) => Turns.FindAsync<Decision>(version, cancellation);

    public Task<Ranking?> FindRankingAsync(long version, CancellationToken cancellation) => Turns.FindAsync<Ranking>(version, cancellation);

    private DecisionFacts FactsOf(string? decision) => decision is not null && Core.DecisionsByName.TryGetValue(decision, out var facts)
        ? facts
        : throw GridException.Unknown("decision", decision ?? "", Core.DecisionsByName.Keys.Order());

    private Call Read(DecisionFacts facts, Event request)
    {
        var call = Core.Calls.Take();
        if (Requests.FaultOf(Core, request, facts.On, call.Frame.Row) is { } fault)
        {
            Core.Calls.Give(call);
            throw GridException.Invalid(fault);
        }

        Requests.CheckOwner(call.Frame.Row, facts, _entity);
        return call;
    }
}

/// <summary>A payment card.</summary>
[Reentrant]
[GrainType(GrainIds.Card)]
internal sealed class CardGrain(SiloCore core, IGrainContext activation) : EntityGrain(core, activation, new(GrainIds.Card, activation.GrainId.Key.ToString()!)), ICardGrain
{
    public Task<Decision> AuthorizeAsync(Payment payment, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return DecideAsync("authorize", payment.ToEvent(this.GetPrimaryKeyString()), cancellation);
    }
}

/// <summary>A place where cards pay.</summary>
[Reentrant]
[GrainType(GrainIds.Terminal)]
internal sealed class TerminalGrain(SiloCore core, IGrainContext activation)
    : EntityGrain(core, activation, new(GrainIds.Terminal, activation.GrainId.Key.ToString()!)), ITerminalGrain;

/// <summary>Somebody who orders food.</summary>
[Reentrant]
[GrainType(GrainIds.User)]
internal sealed class UserGrain(SiloCore core, IGrainContext activation) : EntityGrain(core, activation, new(GrainIds.User, activation.GrainId.Key.ToString()!)), IUserGrain
{
    public Task<Ranking> RankAsync(Search search, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(search);
        return RankAsync("rank", new(search.ToEvent(this.GetPrimaryKeyString()), search.ToCandidates()), cancellation);
    }
}

/// <summary>A restaurant.</summary>
[Reentrant]
[GrainType(GrainIds.Restaurant)]
internal sealed class RestaurantGrain(SiloCore core, IGrainContext activation)
    : EntityGrain(core, activation, new(GrainIds.Restaurant, activation.GrainId.Key.ToString()!)), IRestaurantGrain;

using System.Globalization;
using Grid.Decisions.Hosting;

namespace Grid.Orleans;

/// <summary>The grid over a cluster: finds the owner of what it is asked and asks its grain. It runs in a silo, or over a client of the cluster.</summary>
public sealed class OrleansGrid : IGrid
{
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private volatile Routes _routes;
    private Task<Routes>? _fetching;
    private long _fetchedAt;

    internal OrleansGrid(IGrainFactory grains, GridDescription description, TimeProvider time) =>
        (_grains, _routes, _time, _fetchedAt) = (grains, new(description), time, time.GetTimestamp());

    public GridSchema Schema => _routes.Description.Schema;

    /// <summary>A grid over a client of the cluster, or any grain factory: asks a silo what the grid serves.</summary>
    /// <exception cref="GridException">No silo can be reached.</exception>
    public static async Task<OrleansGrid> ConnectAsync(IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(time);
        return new(grains, await Calling(grains.GetGrain<IGridGrain>(0).DescribeAsync(cancellation)).ConfigureAwait(false), time);
    }

    /// <summary>Asks a silo whether it is there.</summary>
    /// <exception cref="GridException">No silo answers.</exception>
    public Task PingAsync(CancellationToken cancellation) => Calling(_grains.GetGrain<IGridGrain>(0).DescribeAsync(cancellation));

    public async ValueTask<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (owner, key) = await OwnerOfAsync(decision, request).ConfigureAwait(false);
        if (owner.Ranks)
        {
            throw GridException.NeedsCandidates(decision);
        }

        return key is not null
            ? await Calling(GrainIds.GrainOf(_grains, new(owner.Kind, key)).DecideAsync(decision, request, cancellation)).ConfigureAwait(false)
            : throw await FaultOfAsync(decision, owner, request, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<Ranking> RankAsync(string decision, Event request, IReadOnlyList<Event> candidates, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(candidates);
        var (owner, key) = await OwnerOfAsync(decision, request).ConfigureAwait(false);
        if (!owner.Ranks)
        {
            throw GridException.TakesNoCandidates(decision);
        }

        if (candidates.Contains(null!))
        {
            throw GridException.Invalid(new($"candidates[{candidates.TakeWhile(one => one is not null).Count()}]", "nothing", "the fields of a candidate"));
        }

        return key is not null
            ? await Calling(GrainIds.GrainOf(_grains, new(owner.Kind, key)).RankAsync(decision, new(request, candidates), cancellation)).ConfigureAwait(false)
            : throw await FaultOfAsync(decision, owner, request, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<Ranking?> FindRankingAsync(string rankingId, CancellationToken cancellation) =>
        DecisionIds.TryParse(rankingId, out var owner, out var version) && _routes.Kinds.Contains(owner.Kind) && EntityCheck.FaultOf(owner.Key) is null
            ? await Calling(GrainIds.GrainOf(_grains, owner).FindRankingAsync(version, cancellation)).ConfigureAwait(false)
            : null;

    public async ValueTask<EventReceipt> IngestAsync(Event happened, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var routes = await RoutesAsync(known => known.Events.ContainsKey(happened.Type)).ConfigureAwait(false);
        if (!routes.Events.TryGetValue(happened.Type, out var type))
        {
            return EventReceipt.Rejected(new(
                "type", $"the event type '{happened.Type}', which the bundle does not have", $"one of {string.Join(", ", routes.Events.Keys.Order())}"));
        }

        var id = KeyOf(happened, type.IdField);
        if (id is not null && type.Labels is { } labelled)
        {
            return await Calling(_grains.GetGrain<ILabelGrain>($"{labelled}/{id}").IngestAsync(happened, cancellation)).ConfigureAwait(false);
        }

        if (id is not null && OwnerOf(happened, type, id) is { } owner)
        {
            return await Calling(GrainIds.GrainOf(_grains, owner).IngestAsync(happened, cancellation)).ConfigureAwait(false);
        }

        var checkedReceipt = await Calling(_grains.GetGrain<IGridGrain>(0).CheckAsync(null, happened, cancellation)).ConfigureAwait(false);
        return checkedReceipt.Outcome == EventOutcome.Rejected
            ? checkedReceipt
            : EventReceipt.Rejected(new(type.IdField, "no key of an owner", "the key of an entity that the event concerns"));
    }

    public async ValueTask<EntityFeatures> ReadFeaturesAsync(EntityId entity, EventTime? at, CancellationToken cancellation)
    {
        var routes = await RoutesAsync(known => entity.Kind is not null && known.Kinds.Contains(entity.Kind)).ConfigureAwait(false);
        if (entity.Kind is null || !routes.Kinds.Contains(entity.Kind))
        {
            throw GridException.Unknown("kind", entity.Kind ?? "", routes.Kinds.Order());
        }

        if (EntityCheck.FaultOf(entity.Key) is { } fault)
        {
            throw GridException.Invalid(fault);
        }

        return await Calling(GrainIds.GrainOf(_grains, entity).FeaturesAsync(at, cancellation)).ConfigureAwait(false);
    }

    public async ValueTask<Decision?> FindDecisionAsync(string decisionId, CancellationToken cancellation) =>
        DecisionIds.TryParse(decisionId, out var owner, out var version) && _routes.Kinds.Contains(owner.Kind) && EntityCheck.FaultOf(owner.Key) is null
            ? await Calling(GrainIds.GrainOf(_grains, owner).FindDecisionAsync(version, cancellation)).ConfigureAwait(false)
            : null;

    public async ValueTask<BatchReceipt> LoadBatchAsync(BatchFile file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        FileLoader.CheckSize(file, Formats.Write(Formats.Batch, file).Length); // Orleans would close the connection over a message that is too long.
        try
        {
            return await Calling(_grains.GetGrain<IGridGrain>(0).LoadBatchAsync(file, cancellation)).ConfigureAwait(false);
        }
        catch (GridException late) when (late.Error == GridError.DeadlinePassed)
        {
            throw new GridException(GridError.DeadlinePassed, "The silo did not answer in time; whether the file was loaded is unknown. Loading it again is safe.", null, late);
        }
    }

    public async ValueTask<IReadOnlyList<FeatureEntry>> ListFeaturesAsync(CancellationToken cancellation) =>
        (await Calling(_grains.GetGrain<IGridGrain>(0).ListFeaturesAsync(cancellation)).ConfigureAwait(false)).Entries;

    public TEntity Entity<TEntity>(string key)
        where TEntity : class, IEntity => EntityCheck.FaultOf(key) is { } fault ? throw GridException.Invalid(fault) : EntityView.Of<TEntity>(this, key);

    // What Orleans says of a silo that is gone or a call that took too long, in the contract's words. Asking again with the same id is safe.
    private static async Task<T> Calling<T>(Task<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new GridException(GridError.DeadlinePassed, "The entity's silo did not answer in time; whether the call took effect is unknown. Asking again with the same event id is safe.", null, e);
        }
        catch (Exception e) when (e is OrleansException or InvalidOperationException or ObjectDisposedException)
        {
            throw GridException.Unavailable($"The entity's silo cannot be reached: {e.Message}", e);
        }
    }

    private async ValueTask<(OwnerRoute Owner, string? Key)> OwnerOfAsync(string decision, Event request)
    {
        var routes = await RoutesAsync(known => known.Owners.ContainsKey(decision)).ConfigureAwait(false);
        return routes.Owners.TryGetValue(decision, out var owner)
            ? (owner, request.Type == owner.Event ? KeyOf(request, owner.Field) : null)
            : throw GridException.Unknown("decision", decision, routes.Owners.Keys.Order());
    }

    /// <summary>What is wrong with a request that names no owner: a silo finds it.</summary>
    private async Task<GridException> FaultOfAsync(string decision, OwnerRoute owner, Event request, CancellationToken cancellation)
    {
        await Calling(_grains.GetGrain<IGridGrain>(0).CheckAsync(decision, request, cancellation)).ConfigureAwait(false);
        return GridException.Invalid(new(owner.Field, "no key of an owner", $"the key of a {owner.Kind}"));
    }

    private static string? KeyOf(Event request, string field)
    {
        var value = request[field];
        return value.Given == FieldType.String && EntityCheck.FaultOf(value.Text) is null ? value.Text : null;
    }

    private static EntityId? OwnerOf(Event happened, EventRoute type, string id)
    {
        foreach (var (kind, field) in type.Told)
        {
            if (happened[field].Given != FieldType.None)
            {
                return KeyOf(happened, field) is { } key ? new(kind, key) : null;
            }
        }

        return new(GrainIds.EventKind, string.Create(CultureInfo.InvariantCulture, $"{happened.Type}/{Features.Plans.StableHash.Of(id):x16}"));
    }

    /// <summary>What is known of the bundle; asked again, at most once a second, where a name is not known: the silos may serve another bundle by now.</summary>
    private ValueTask<Routes> RoutesAsync(Predicate<Routes> knows)
    {
        var routes = _routes;
        return knows(routes) ? new(routes) : new(FetchAsync());
    }

    private async Task<Routes> FetchAsync()
    {
        Task<Routes> fetching;
        lock (_lock)
        {
            if (_time.GetElapsedTime(_fetchedAt) < TimeSpan.FromSeconds(1))
            {
                return _routes;
            }

            fetching = _fetching ??= Fetch();
        }

        return await fetching.ConfigureAwait(false);

        async Task<Routes> Fetch()
        {
            await Task.Yield();
            try
            {
                return _routes = new(await Calling(_grains.GetGrain<IGridGrain>(0).DescribeAsync(CancellationToken.None)).ConfigureAwait(false));
            }
            finally
            {
                lock (_lock)
                {
                    (_fetching, _fetchedAt) = (null, _time.GetTimestamp());
                }
            }
        }
    }
}

namespace Grid;

/// <summary>
/// The whole of the grid. The embedded host, the silo and the remote client all implement it, and one contract suite holds them all to
/// the same behaviour. Every call that fails raises <see cref="GridException"/>.
/// </summary>
public interface IGrid
{
    /// <summary>What the bundle defines: event types, kinds, features, decisions.</summary>
    GridSchema Schema { get; }

    /// <summary>
    /// Takes one event in. A fault in the event is told in the receipt, not thrown. The same event again is a duplicate; an event under a
    /// known id with another owner or other content is rejected with <see cref="GridError.IdConflict"/>. Neither changes anything.
    /// </summary>
    /// <exception cref="GridException">The grid is unavailable.</exception>
    ValueTask<EventReceipt> IngestAsync(Event happened, CancellationToken cancellation);

    /// <summary>
    /// Makes a decision: one turn of the owner that the request names. The same request again gets the first answer again.
    /// </summary>
    /// <param name="decision">The decision's name, such as <c>authorize</c>.</param>
    /// <param name="request">The event that asks; it counts in the windows that the decision reads.</param>
    /// <param name="cancellation">Stops the waiting, not the turn.</param>
    /// <exception cref="GridException">
    /// The name is unknown, the request is at fault, its event id belongs to another event (<see cref="GridError.IdConflict"/>), or the
    /// grid is unavailable.
    /// </exception>
    ValueTask<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation);

    /// <summary>Reads every feature of an entity at a moment. Reading changes nothing.</summary>
    /// <param name="entity">The entity; one that nothing was ever told of reads as empty.</param>
    /// <param name="at">The moment, past or present; null is now.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="GridException">The kind is unknown, the key or the moment is at fault, or the grid is unavailable.</exception>
    ValueTask<EntityFeatures> ReadFeaturesAsync(EntityId entity, EventTime? at, CancellationToken cancellation);

    /// <summary>Finds a decision that was made; null where there is none of that id, or it is older than the retention time.</summary>
    ValueTask<Decision?> FindDecisionAsync(string decisionId, CancellationToken cancellation);

    /// <summary>
    /// Ranks candidates: one turn of the owner that the request names, over all of them. The same request with the same candidates again
    /// gets the first answer again.
    /// </summary>
    /// <param name="decision">The decision's name, such as <c>rank</c>: one that declares candidates.</param>
    /// <param name="request">The event that asks; it counts once in the windows that the decision reads.</param>
    /// <param name="candidates">What is to be ranked: the fields that the decision declares for a candidate. Their event types are not looked at.</param>
    /// <param name="cancellation">Stops the waiting, not the turn.</param>
    /// <exception cref="GridException">
    /// The name is unknown or of a decision without candidates, the request or a candidate is at fault, its event id belongs to another
    /// event or to a ranking of other candidates (<see cref="GridError.IdConflict"/>), the grid is unavailable, or this host does not rank.
    /// </exception>
    ValueTask<Ranking> RankAsync(string decision, Event request, IReadOnlyList<Event> candidates, CancellationToken cancellation) =>
        ValueTask.FromException<Ranking>(GridException.CannotRank(GetType().Name));

    /// <summary>Finds a ranking that was made; null where there is none of that id, or it is older than the retention time.</summary>
    /// <exception cref="GridException">The grid is unavailable, or this host does not rank.</exception>
    ValueTask<Ranking?> FindRankingAsync(string rankingId, CancellationToken cancellation) =>
        ValueTask.FromException<Ranking?>(GridException.CannotRank(GetType().Name));

    /// <summary>Loads values of batch features: kept when it is answered, seen as a whole from a moment just ahead (<see cref="BatchReceipt.SeenFrom"/>).</summary>
    /// <param name="file">All values of these features.</param>
    /// <param name="cancellation">Stops the waiting, not the loading.</param>
    /// <exception cref="GridException">The kind or a feature is unknown, a row is at fault (nothing was loaded then), or the grid is unavailable or takes no files.</exception>
    ValueTask<BatchReceipt> LoadBatchAsync(BatchFile file, CancellationToken cancellation) =>
        ValueTask.FromException<BatchReceipt>(new GridException(GridError.InvalidInput, "This host does not load batch features."));

    /// <summary>The catalogue: every feature of every kind, then the on-demand features of every decision. The cost of reading each is measured anew.</summary>
    /// <exception cref="GridException">The grid is unavailable, or keeps no catalogue.</exception>
    ValueTask<IReadOnlyList<FeatureEntry>> ListFeaturesAsync(CancellationToken cancellation) =>
        ValueTask.FromException<IReadOnlyList<FeatureEntry>>(new GridException(GridError.InvalidInput, "This host keeps no catalogue of features."));

    /// <summary>A typed view of one entity, such as <see cref="ICard"/>.</summary>
    /// <exception cref="GridException">No entity interface of that type, or the key is at fault.</exception>
    TEntity Entity<TEntity>(string key)
        where TEntity : class, IEntity;
}

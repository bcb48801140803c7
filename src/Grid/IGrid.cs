namespace Grid;

/// <summary>
/// The operations of the grid. The embedded host, the silo and the remote client implement this interface, and one contract suite checks
/// that they behave alike. Every call that fails throws a <see cref="GridException"/>.
/// </summary>
public interface IGrid
{
    /// <summary>The event types, kinds, features and decisions that the bundle defines.</summary>
    GridSchema Schema { get; }

    /// <summary>
    /// Ingests one event. Validation errors are returned in the receipt, not thrown. The same event sent again is a duplicate; an event
    /// with a known id but another owner or other content is rejected with <see cref="GridError.IdConflict"/>. Neither changes anything.
    /// </summary>
    /// <exception cref="GridException">The grid is unavailable.</exception>
    ValueTask<EventReceipt> IngestAsync(Event happened, CancellationToken cancellation);

    /// <summary>
    /// Makes a decision in one turn of the owner that the request names. The same request sent again returns the first decision again.
    /// </summary>
    /// <param name="decision">The decision's name, such as <c>authorize</c>.</param>
    /// <param name="request">The event that requests the decision; it counts in the windows that the decision reads.</param>
    /// <param name="cancellation">Stops waiting; the turn still completes.</param>
    /// <exception cref="GridException">
    /// The name is unknown, the request is invalid, its event id belongs to another event (<see cref="GridError.IdConflict"/>), or the grid
    /// is unavailable.
    /// </exception>
    ValueTask<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation);

    /// <summary>Reads every feature of an entity at a time. Reading changes nothing.</summary>
    /// <param name="entity">The entity; an unknown one reads as empty.</param>
    /// <param name="at">The time, past or present; null is now.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="GridException">The kind is unknown, the key or the time is invalid, or the grid is unavailable.</exception>
    ValueTask<EntityFeatures> ReadFeaturesAsync(EntityId entity, EventTime? at, CancellationToken cancellation);

    /// <summary>Finds an earlier decision; null if none has that id or it is older than the retention time.</summary>
    ValueTask<Decision?> FindDecisionAsync(string decisionId, CancellationToken cancellation);

    /// <summary>
    /// Ranks candidates in one turn of the owner that the request names. The same request with the same candidates sent again returns the
    /// first ranking again.
    /// </summary>
    /// <param name="decision">The name of a decision that declares candidates, such as <c>rank</c>.</param>
    /// <param name="request">The event that requests the ranking; it counts once in the windows that the decision reads.</param>
    /// <param name="candidates">The candidates, with the fields that the decision declares for them. Their event types are ignored.</param>
    /// <param name="cancellation">Stops waiting; the turn still completes.</param>
    /// <exception cref="GridException">
    /// The name is unknown or of a decision without candidates, the request or a candidate is invalid, the event id belongs to another
    /// event or to a ranking of other candidates (<see cref="GridError.IdConflict"/>), the grid is unavailable, or this host does not rank.
    /// </exception>
    ValueTask<Ranking> RankAsync(string decision, Event request, IReadOnlyList<Event> candidates, CancellationToken cancellation) =>
        ValueTask.FromException<Ranking>(GridException.CannotRank(GetType().Name));

    /// <summary>Finds an earlier ranking; null if none has that id or it is older than the retention time.</summary>
    /// <exception cref="GridException">The grid is unavailable, or this host does not rank.</exception>
    ValueTask<Ranking?> FindRankingAsync(string rankingId, CancellationToken cancellation) =>
        ValueTask.FromException<Ranking?>(GridException.CannotRank(GetType().Name));

    /// <summary>
    /// Loads all values of some batch features. They are durable when the call returns and become visible together shortly afterwards, at
    /// <see cref="BatchReceipt.SeenFrom"/>.
    /// </summary>
    /// <param name="file">All values of these features.</param>
    /// <param name="cancellation">Stops waiting; the load still completes.</param>
    /// <exception cref="GridException">
    /// The kind or a feature is unknown, a row is invalid (nothing is loaded then), or the grid is unavailable or does not load batch
    /// features.
    /// </exception>
    ValueTask<BatchReceipt> LoadBatchAsync(BatchFile file, CancellationToken cancellation) =>
        ValueTask.FromException<BatchReceipt>(new GridException(GridError.InvalidInput, "This host does not load batch features."));

    /// <summary>
    /// Returns the catalogue: every feature of every kind, then the on-demand features of every decision. Each call measures the cost of
    /// reading each feature again.
    /// </summary>
    /// <exception cref="GridException">The grid is unavailable, or has no catalogue.</exception>
    ValueTask<IReadOnlyList<FeatureEntry>> ListFeaturesAsync(CancellationToken cancellation) =>
        ValueTask.FromException<IReadOnlyList<FeatureEntry>>(new GridException(GridError.InvalidInput, "This host keeps no catalogue of features."));

    /// <summary>Returns a typed view of one entity, such as <see cref="ICard"/>.</summary>
    /// <exception cref="GridException">There is no entity interface of that type in the bundle, or the key is invalid.</exception>
    TEntity Entity<TEntity>(string key)
        where TEntity : class, IEntity;
}

namespace Grid.Orleans;

/// <summary>What callers ask of an entity's grain, whatever its kind.</summary>
public interface IEntityGrain : IEntity, IGrainWithStringKey
{
    /// <summary>Makes a decision on a request whose owner this entity is.</summary>
    /// <exception cref="GridException">The name is unknown, the request is at fault, or the entity is unavailable.</exception>
    Task<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation);

    /// <summary>Ranks candidates on a request whose owner this entity is.</summary>
    /// <exception cref="GridException">The name is unknown, the request or a candidate is at fault, or the entity is unavailable.</exception>
    Task<Ranking> RankAsync(string decision, RankRequest request, CancellationToken cancellation);

    /// <summary>Takes in an event; this entity is the first that it concerns.</summary>
    Task<EventReceipt> IngestAsync(Event happened, CancellationToken cancellation);

    /// <summary>Finds a decision by the version of its row; null where there is none any more.</summary>
    Task<Decision?> FindDecisionAsync(long version, CancellationToken cancellation);

    /// <summary>Finds a ranking by the version of its row; null where there is none any more.</summary>
    Task<Ranking?> FindRankingAsync(long version, CancellationToken cancellation);
}

/// <summary>What an entity's grain is asked by the grid itself: labels, deliveries, and reads for turns of other entities. Clients do not reach it.</summary>
internal interface IPeerGrain : IGrainWithStringKey
{
    /// <summary>Takes in a label of an event that this entity took in; null where it did not.</summary>
    Task<EventReceipt?> AmendAsync(Event label, CancellationToken cancellation);

    /// <summary>Reads features, named in one text with commas between, for a turn of another entity.</summary>
    Task<FeatureValues> ReadForAsync(string names, EventTime at, CancellationToken cancellation);

    /// <summary>Hears of what another entity took in.</summary>
    Task HearAsync(Heard heard, CancellationToken cancellation);

    /// <summary>Hears of what has been in its inbox for long.</summary>
    Task HearInboxAsync(CancellationToken cancellation);
}

/// <summary>A payment card's grain.</summary>
public interface ICardGrain : ICard, IEntityGrain;

/// <summary>A terminal's grain.</summary>
public interface ITerminalGrain : ITerminal, IEntityGrain;

/// <summary>A user's grain.</summary>
public interface IUserGrain : IUser, IEntityGrain;

/// <summary>A restaurant's grain.</summary>
public interface IRestaurantGrain : IRestaurant, IEntityGrain;

/// <summary>Where labels of one event come in; its key is the event's type, a slash, and its id.</summary>
internal interface ILabelGrain : IGrainWithStringKey
{
    Task<EventReceipt> IngestAsync(Event label, CancellationToken cancellation);
}

/// <summary>What belongs to no entity: what the grid serves, and what is wrong with a request whose owner cannot be told.</summary>
internal interface IGridGrain : IGrainWithIntegerKey
{
    Task<GridDescription> DescribeAsync(CancellationToken cancellation);

    /// <summary>Finds the fault of an event that names no owner. A request of a decision raises it, an observed event is rejected with it.</summary>
    Task<EventReceipt> CheckAsync(string? decision, Event faulty, CancellationToken cancellation);

    /// <summary>Loads values of batch features, for the whole cluster.</summary>
    /// <exception cref="GridException">The file is at fault, or the storage does not take it.</exception>
    [ResponseTimeout("00:02:00")]
    Task<BatchReceipt> LoadBatchAsync(BatchFile file, CancellationToken cancellation);

    /// <summary>Lists every feature; what reading costs is measured in the silo that is asked.</summary>
    [ResponseTimeout("00:00:30")]
    Task<FeatureList> ListFeaturesAsync(CancellationToken cancellation);
}

/// <summary>Scores rows of a model that cannot live in every silo; its key is the model's name.</summary>
internal interface IModelGrain : IGrainWithStringKey
{
    Task<ModelScore> ScoreAsync(float[] vector, CancellationToken cancellation);
}

/// <summary>What a model grain says.</summary>
/// <param name="Scores">The numbers that it gives for a row; empty where it could not score.</param>
/// <param name="Model">The model and its version.</param>
internal sealed record ModelScore(IReadOnlyList<float> Scores, string Model);

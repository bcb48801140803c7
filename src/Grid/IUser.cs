namespace Grid;

/// <summary>A person who orders food: the owner of searches.</summary>
public interface IUser : IEntity
{
    /// <summary>Ranks restaurants in one turn, for a visit of this user to the home screen or for a search.</summary>
    Task<Ranking> RankAsync(Search search, CancellationToken cancellation);
}

/// <summary>A restaurant.</summary>
public interface IRestaurant : IEntity;

namespace Grid;

/// <summary>Somebody who orders food: the owner of searches.</summary>
public interface IUser : IEntity
{
    /// <summary>Ranks restaurants for one look of this user at the home screen, or for one search, in one turn.</summary>
    Task<Ranking> RankAsync(Search search, CancellationToken cancellation);
}

/// <summary>A restaurant.</summary>
public interface IRestaurant : IEntity;

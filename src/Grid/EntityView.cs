namespace Grid;

/// <summary>Creates the typed entity views of the contract over any grid; implementations of <see cref="IGrid.Entity"/> use it.</summary>
internal static class EntityView
{
    private const string CardKind = "card";
    private const string TerminalKind = "terminal";
    private const string UserKind = "user";
    private const string RestaurantKind = "restaurant";

    /// <summary>Creates the view of one entity.</summary>
    /// <param name="grid">The grid that the view calls.</param>
    /// <param name="key">The entity's key, already validated by the grid.</param>
    /// <exception cref="GridException">There is no entity interface of that type, or the grid's bundle lacks its kind.</exception>
    public static TEntity Of<TEntity>(IGrid grid, string key)
        where TEntity : class, IEntity
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(key);
        IEntity? view = typeof(TEntity) == typeof(ICard) && Has(grid, CardKind) ? new CardView(grid, key)
            : typeof(TEntity) == typeof(ITerminal) && Has(grid, TerminalKind) ? new TerminalView(grid, key)
            : typeof(TEntity) == typeof(IUser) && Has(grid, UserKind) ? new UserView(grid, key)
            : typeof(TEntity) == typeof(IRestaurant) && Has(grid, RestaurantKind) ? new RestaurantView(grid, key)
            : null;
        return view as TEntity ?? throw GridException.Unknown("entity interface of this bundle", typeof(TEntity).Name, Known(grid));
    }

    private static IEnumerable<string> Known(IGrid grid) => new[]
    {
        (CardKind, nameof(ICard)), (TerminalKind, nameof(ITerminal)), (UserKind, nameof(IUser)), (RestaurantKind, nameof(IRestaurant)),
    }.Where(view => Has(grid, view.Item1)).Select(view => view.Item2);

    private static bool Has(IGrid grid, string kind) => grid.Schema.Kinds.Any(known => known.Kind == kind);

    private sealed class CardView(IGrid grid, string key) : ICard
    {
        public Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation) =>
            grid.ReadFeaturesAsync(new(CardKind, key), at, cancellation).AsTask();

        public Task<Decision> AuthorizeAsync(Payment payment, CancellationToken cancellation)
        {
            ArgumentNullException.ThrowIfNull(payment);
            return grid.DecideAsync("authorize", payment.ToEvent(key), cancellation).AsTask();
        }
    }

    private sealed class UserView(IGrid grid, string key) : IUser
    {
        public Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation) =>
            grid.ReadFeaturesAsync(new(UserKind, key), at, cancellation).AsTask();

        public Task<Ranking> RankAsync(Search search, CancellationToken cancellation)
        {
            ArgumentNullException.ThrowIfNull(search);
            return grid.RankAsync("rank", search.ToEvent(key), search.ToCandidates(), cancellation).AsTask();
        }
    }

    private sealed class RestaurantView(IGrid grid, string key) : IRestaurant
    {
        public Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation) =>
            grid.ReadFeaturesAsync(new(RestaurantKind, key), at, cancellation).AsTask();
    }

    private sealed class TerminalView(IGrid grid, string key) : ITerminal
    {
        public Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation) =>
            grid.ReadFeaturesAsync(new(TerminalKind, key), at, cancellation).AsTask();
    }
}

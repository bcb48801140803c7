namespace Grid;

/// <summary>The typed views of entities that the contract declares, over any grid: for those who implement <see cref="IGrid.Entity"/>.</summary>
public static class EntityView
{
    private const string CardKind = "card";
    private const string TerminalKind = "terminal";

    /// <summary>Makes the view of one entity.</summary>
    /// <param name="grid">Whom the view asks.</param>
    /// <param name="key">The entity's key, which the grid has found to be in order: what makes a key faulty is the grid's own to say.</param>
    /// <exception cref="GridException">There is no entity interface of that type, or the grid's bundle lacks its kind.</exception>
    public static TEntity Of<TEntity>(IGrid grid, string key)
        where TEntity : class, IEntity
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(key);
        IEntity? view = typeof(TEntity) == typeof(ICard) && Has(grid, CardKind) ? new CardView(grid, key)
            : typeof(TEntity) == typeof(ITerminal) && Has(grid, TerminalKind) ? new TerminalView(grid, key)
            : null;
        return view as TEntity ?? throw GridException.Unknown("entity interface of this bundle", typeof(TEntity).Name, [nameof(ICard), nameof(ITerminal)]);
    }

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

    private sealed class TerminalView(IGrid grid, string key) : ITerminal
    {
        public Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation) =>
            grid.ReadFeaturesAsync(new(TerminalKind, key), at, cancellation).AsTask();
    }
}

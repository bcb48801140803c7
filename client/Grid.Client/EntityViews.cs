namespace Grid.Client;

/// <summary>The typed views of entities, over any grid.</summary>
internal static class EntityViews
{
    private const string CardKind = "card";
    private const string TerminalKind = "terminal";

    public static TEntity Make<TEntity>(IGrid grid, string key)
        where TEntity : class, IEntity
    {
        if (GridClient.FaultOfKey(key) is { } fault)
        {
            throw GridException.Invalid(fault);
        }

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
            return grid.DecideAsync("authorize", new("transaction", 5)
            {
                ["transaction_id"] = payment.TransactionId,
                ["at"] = payment.At is { } at ? at : default(FieldValue),
                ["card"] = key,
                ["terminal"] = payment.Terminal,
                ["amount"] = payment.Amount,
            }, cancellation).AsTask();
        }
    }

    private sealed class TerminalView(IGrid grid, string key) : ITerminal
    {
        public Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation) =>
            grid.ReadFeaturesAsync(new(TerminalKind, key), at, cancellation).AsTask();
    }
}

namespace Grid;

/// <summary>A payment card: the entity that owns its payments.</summary>
public interface ICard : IEntity
{
    /// <summary>Decides in one turn whether to approve, decline or review a payment of this card.</summary>
    Task<Decision> AuthorizeAsync(Payment payment, CancellationToken cancellation);
}

/// <summary>A payment terminal.</summary>
public interface ITerminal : IEntity;

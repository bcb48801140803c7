namespace Grid;

/// <summary>A payment card: the entity that owns its payments.</summary>
public interface ICard : IEntity
{
    /// <summary>Approves, declines or sends to review one payment of this card, in one turn.</summary>
    Task<Decision> AuthorizeAsync(Payment payment, CancellationToken cancellation);
}

/// <summary>A place where cards pay.</summary>
public interface ITerminal : IEntity;

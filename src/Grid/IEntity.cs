namespace Grid;

/// <summary>What every entity can be asked, whatever its kind.</summary>
public interface IEntity
{
    /// <summary>Every feature of the entity at a moment; null is now.</summary>
    Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation);
}

namespace Grid;

/// <summary>The operations that every entity supports, whatever its kind.</summary>
public interface IEntity
{
    /// <summary>Reads every feature of the entity at a time; null is now.</summary>
    Task<EntityFeatures> FeaturesAsync(EventTime? at, CancellationToken cancellation);
}

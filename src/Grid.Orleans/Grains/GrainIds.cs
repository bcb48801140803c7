namespace Grid.Orleans;

/// <summary>
/// Which grain an entity has: kinds that ship have a grain type of their own, with the entity's key; others share one, with kind and key in its
/// key. The names are in grain directories and in stored state: change none.
/// </summary>
internal static class GrainIds
{
    public const string Card = "card";
    public const string Terminal = "terminal";
    public const string User = "user";
    public const string Restaurant = "restaurant";
    public const string Entity = "entity";
    public const string Label = "label";
    public const string Model = "model";
    public const string Grid = "grid";

    /// <summary>The kind of what takes in an event that concerns no entity: one per event.</summary>
    internal const string EventKind = "~event";

    public static IEntityGrain GrainOf(IGrainFactory grains, EntityId entity)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return entity.Kind switch
        {
            Card => grains.GetGrain<ICardGrain>(entity.Key),
            Terminal => grains.GetGrain<ITerminalGrain>(entity.Key),
            User => grains.GetGrain<IUserGrain>(entity.Key),
            Restaurant => grains.GetGrain<IRestaurantGrain>(entity.Key),
            _ => grains.GetGrain<IEntityGrain>(GrainId.Create(Entity, $"{entity.Kind}/{entity.Key}")),
        };
    }

    public static IPeerGrain PeerOf(IGrainFactory grains, EntityId entity)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IPeerGrain>(entity.Kind is Card or Terminal or User or Restaurant
            ? GrainId.Create(entity.Kind, entity.Key)
            : GrainId.Create(Entity, $"{entity.Kind}/{entity.Key}"));
    }

    internal static EntityId EntityOf(string grainKey)
    {
        var slash = grainKey.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? new(grainKey[..slash], grainKey[(slash + 1)..])
            : throw new ArgumentException($"'{grainKey}' names no entity; expected a kind, a slash and a key.", nameof(grainKey));
    }
}

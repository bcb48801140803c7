namespace Grid.Features.State;

/// <summary>Names an entity that is resident in an <see cref="EntityStore"/>. It stays the same until the entity is removed, then it may be given to another.</summary>
/// <param name="Index">A positive number; 0 of <see cref="None"/>.</param>
internal readonly record struct EntityHandle(int Index)
{
    /// <summary>No entity.</summary>
    public static EntityHandle None => default;

    /// <summary>Whether it names an entity at all.</summary>
    public bool Exists => Index != 0;
}

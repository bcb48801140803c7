namespace Grid.Features.State;

/// <summary>
/// Identifies a resident entity of an <see cref="EntityStore"/>. Stable until the entity is removed; may be reused afterwards.
/// </summary>
/// <param name="Index">Positive; 0 for <see cref="None"/>.</param>
internal readonly record struct EntityHandle(int Index)
{
    /// <summary>No entity.</summary>
    public static EntityHandle None => default;

    /// <summary>Whether the handle is other than <see cref="None"/>.</summary>
    public bool Exists => Index != 0;
}

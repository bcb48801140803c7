namespace Grid;

/// <summary>Identifies an entity by its kind (<c>card</c>) and its key within the kind (<c>4242</c>).</summary>
public readonly record struct EntityId(string Kind, string Key)
{
    /// <summary>The maximum length of a key, in UTF-8 bytes.</summary>
    public const int MaxKeyBytes = 256;

    public override string ToString() => $"{Kind}/{Key}";
}

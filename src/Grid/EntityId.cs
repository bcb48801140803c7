namespace Grid;

/// <summary>Names an entity: its kind (<c>card</c>) and its key in the kind (<c>4242</c>).</summary>
public readonly record struct EntityId(string Kind, string Key)
{
    /// <summary>The longest key, in UTF-8 bytes.</summary>
    public const int MaxKeyBytes = 256;

    public override string ToString() => $"{Kind}/{Key}";
}

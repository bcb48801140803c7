namespace Grid.Features.State;

/// <summary>A path from the root of a timeline's tree to a leaf: the handles of the nodes and the child index taken at each.</summary>
internal sealed class TreePath
{
    /// <summary>More levels than two billion events need.</summary>
    public const int MostLevels = 12;

    public int[] Nodes { get; } = new int[MostLevels];

    public int[] Children { get; } = new int[MostLevels];

    /// <summary>The number of nodes above the leaf.</summary>
    public int Depth { get; set; }

    /// <summary>The handle of the piece that contains the leaf; <see cref="LeafOffset"/> is the leaf's offset in it.</summary>
    public int LeafPiece { get; set; }

    public int LeafOffset { get; set; }
}

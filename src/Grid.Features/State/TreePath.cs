namespace Grid.Features.State;

/// <summary>A way from the root of a timeline's tree to one of its leaves: nodes by handle, with the child that was taken at each.</summary>
internal sealed class TreePath
{
    /// <summary>More levels than two thousand million events need.</summary>
    public const int MostLevels = 12;

    public int[] Nodes { get; } = new int[MostLevels];

    public int[] Children { get; } = new int[MostLevels];

    /// <summary>How many nodes are above the leaf.</summary>
    public int Depth { get; set; }

    /// <summary>The piece that holds the leaf, and where in it the leaf begins.</summary>
    public int LeafPiece { get; set; }

    public int LeafOffset { get; set; }
}

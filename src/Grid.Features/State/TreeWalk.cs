namespace Grid.Features.State;

/// <summary>Navigates the tree of a timeline. Paths, leaves and nodes are valid until the next change.</summary>
internal sealed unsafe class TreeWalk(Arena arena, KindLayout kind, int timeline)
{
    /// <summary>Bytes before the leaf in a piece of its own: the handle, and a level that is always 0.</summary>
    public const int LeafPieceHeader = Arena.Reserved + 1;

    private readonly TimelineLayout _layout = kind.Timelines[timeline];

    public EntityRecord RecordOf(int entity) => new(arena[entity], kind);

    /// <summary>The level of a root or child; 0 for a leaf.</summary>
    public int LevelOf(int entity, int handle) => handle == entity ? 0 : arena[handle][Arena.Reserved];

    /// <summary>Whether a piece that is not an entity is a leaf.</summary>
    public bool IsLeaf(int handle) => arena[handle][Arena.Reserved] == 0;

    public Leaf LeafOf(TreePath path) => new(arena[path.LeafPiece] + path.LeafOffset, _layout);

    public Node NodeOf(int handle) => new(arena[handle], _layout);

    /// <summary>The last leaf below a root node, or the root itself; not for an inline leaf.</summary>
    public Leaf LastLeaf(int root)
    {
        var piece = arena[root];
        while (piece[Arena.Reserved] != 0)
        {
            var node = new Node(piece, _layout);
            piece = arena[node.Child(node.Count - 1)];
        }

        return new(piece + LeafPieceHeader, _layout);
    }

    /// <summary>Finds the leaf where an event belongs; false if there are no events.</summary>
    public bool TryDescend(int entity, long time, uint print, TreePath path)
    {
        var handle = Start(entity, path);
        for (var level = 0; level < path.Depth; level++)
        {
            var node = NodeOf(handle);
            handle = Step(path, level, handle, node, node.ChildAt(time, print));
        }

        return path.LeafPiece != 0;
    }

    public bool TryFirst(int entity, TreePath path)
    {
        var handle = Start(entity, path);
        for (var level = 0; level < path.Depth; level++)
        {
            handle = Step(path, level, handle, NodeOf(handle), 0);
        }

        return path.LeafPiece != 0;
    }

    public bool TryLast(int entity, TreePath path)
    {
        var handle = Start(entity, path);
        for (var level = 0; level < path.Depth; level++)
        {
            var node = NodeOf(handle);
            handle = Step(path, level, handle, node, node.Count - 1);
        }

        return path.LeafPiece != 0;
    }

    /// <summary>Moves a path of the same tree to the leaf with the given child indexes.</summary>
    public void Follow(TreePath path, int[] children)
    {
        var handle = path.Nodes[0];
        for (var level = 0; level < path.Depth; level++)
        {
            handle = Step(path, level, handle, NodeOf(handle), children[level]);
        }
    }

    public bool IsLast(TreePath path)
    {
        for (var level = 0; level < path.Depth; level++)
        {
            if (path.Children[level] != NodeOf(path.Nodes[level]).Count - 1)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Moves to the previous leaf; false at the first one.</summary>
    public bool StepBack(TreePath path) => TryTurn(path, -1);

    /// <summary>Moves to the next leaf; false at the last one.</summary>
    public bool StepOn(TreePath path) => TryTurn(path, 1);

    private int Start(int entity, TreePath path)
    {
        var record = RecordOf(entity);
        var root = record.Root(timeline);
        path.LeafPiece = root;
        path.LeafOffset = root == entity ? record.HeadBytes : LeafPieceHeader;
        path.Depth = root == 0 || root == entity ? 0 : LevelOf(entity, root);
        return root;
    }

    private static int Step(TreePath path, int level, int handle, Node node, int child)
    {
        (path.Nodes[level], path.Children[level]) = (handle, child);
        var next = node.Child(child);
        path.LeafPiece = next;
        return next;
    }

    private bool TryTurn(TreePath path, int by)
    {
        for (var level = path.Depth - 1; level >= 0; level--)
        {
            var node = NodeOf(path.Nodes[level]);
            var child = path.Children[level] + by;
            if (child < 0 || child >= node.Count)
            {
                continue;
            }

            var handle = Step(path, level, path.Nodes[level], node, child);
            for (var below = level + 1; below < path.Depth; below++)
            {
                node = NodeOf(handle);
                handle = Step(path, below, handle, node, by < 0 ? node.Count - 1 : 0);
            }

            return true;
        }

        return false;
    }
}

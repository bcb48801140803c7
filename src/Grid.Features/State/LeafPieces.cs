namespace Grid.Features.State;

/// <summary>
/// Allocates the leaves of a timeline: a single leaf inline after the entity's header if that place is free, any other leaf in a piece of
/// its own. Paths and leaves are valid until the next change.
/// </summary>
internal sealed unsafe class LeafPieces(Arena arena, TreeWalk walk, KindLayout kind, int timeline)
{
    private readonly TimelineLayout _layout = kind.Timelines[timeline];

    /// <summary>Creates the first leaf from a buffer: inline after the entity's header if that place is free.</summary>
    public void Plant(int entity, LeafBuffer events)
    {
        var record = walk.RecordOf(entity);
        if (!HasInnerLeaf(record, entity))
        {
            var head = record.HeadBytes;
            var bytes = events.Plan(head);
            var piece = arena.Resize(entity, head, head + bytes);
            events.Store(new(piece + head, _layout));
            walk.RecordOf(entity).SetRoot(timeline, entity);
            return;
        }

        var handle = Make(events);
        walk.RecordOf(entity).SetRoot(timeline, handle);
    }

    /// <summary>Creates a leaf in a piece of its own.</summary>
    /// <returns>Its handle.</returns>
    public int Make(LeafBuffer events)
    {
        var bytes = TreeWalk.LeafPieceHeader + events.Plan(TreeWalk.LeafPieceHeader);
        var handle = arena.Allocate(bytes);
        var piece = arena[handle];
        piece[Arena.Reserved] = 0;
        events.Store(new(piece + TreeWalk.LeafPieceHeader, _layout));
        return handle;
    }

    /// <summary>The leaf in a piece of its own.</summary>
    public Leaf Of(int handle) => new(arena[handle] + TreeWalk.LeafPieceHeader, _layout);

    /// <summary>Replaces the events of a leaf with those of a buffer.</summary>
    public Leaf Repack(TreePath path, LeafBuffer events)
    {
        var oldBytes = path.LeafOffset + walk.LeafOf(path).Bytes;
        var bytes = path.LeafOffset + events.Plan(path.LeafOffset);
        var piece = arena.Resize(path.LeafPiece, oldBytes, bytes);
        var leaf = new Leaf(piece + path.LeafOffset, _layout);
        events.Store(leaf);
        return leaf;
    }

    /// <summary>Makes room for one more event in the leaf of a path.</summary>
    public Leaf Widen(TreePath path)
    {
        var leaf = walk.LeafOf(path);
        int old = leaf.Capacity;
        var perEvent = Leaf.FingerprintBytes + leaf.TimeWidth;
        for (var c = 0; c < _layout.Columns.Length; c++)
        {
            perEvent += leaf.Width(c);
        }

        var bytes = leaf.Bytes;
        var once = bytes - (old * perEvent);
        var capacity = LeafRoom.For(old + 1, path.LeafOffset, once, perEvent);
        var piece = arena.Resize(path.LeafPiece, path.LeafOffset + bytes, path.LeafOffset + once + (capacity * perEvent));
        leaf = new(piece + path.LeafOffset, _layout);
        LeafEdit.Widen(leaf, capacity);
        return leaf;
    }

    /// <summary>Moves the inline leaf into a piece of its own.</summary>
    /// <returns>Its handle.</returns>
    public int MoveOut(int entity)
    {
        var record = walk.RecordOf(entity);
        var head = record.HeadBytes;
        var bytes = new Leaf(record.Piece + head, _layout).Bytes;
        var handle = arena.Allocate(TreeWalk.LeafPieceHeader + bytes);
        var piece = arena[handle];
        piece[Arena.Reserved] = 0;
        Buffer.MemoryCopy(arena[entity] + head, piece + TreeWalk.LeafPieceHeader, bytes, bytes);
        arena.Resize(entity, head + bytes, head);
        return handle;
    }

    /// <summary>Frees the leaf of a path, inline or not.</summary>
    public void Free(int entity, TreePath path)
    {
        var bytes = path.LeafOffset + walk.LeafOf(path).Bytes;
        if (path.LeafPiece == entity)
        {
            arena.Resize(entity, bytes, path.LeafOffset);
        }
        else
        {
            arena.Free(path.LeafPiece, bytes);
        }

        if (path.Depth == 0)
        {
            walk.RecordOf(entity).SetRoot(timeline, 0);
        }
    }

    /// <summary>Frees a leaf in a piece of its own.</summary>
    public void Free(int handle) => arena.Free(handle, TreeWalk.LeafPieceHeader + Of(handle).Bytes);

    /// <summary>Frees the inline leaf.</summary>
    public void FreeInner(int entity)
    {
        var record = walk.RecordOf(entity);
        var head = record.HeadBytes;
        arena.Resize(entity, head + new Leaf(record.Piece + head, _layout).Bytes, head);
    }

    private bool HasInnerLeaf(EntityRecord record, int entity)
    {
        for (var i = 0; i < kind.Timelines.Length; i++)
        {
            if (record.Root(i) == entity)
            {
                return true;
            }
        }

        return false;
    }
}

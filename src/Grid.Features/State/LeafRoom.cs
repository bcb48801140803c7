namespace Grid.Features.State;

/// <summary>How much room a leaf is given.</summary>
internal static class LeafRoom
{
    /// <summary>
    /// The capacity of a leaf. Small leaves get just what they need, because there are millions of them; larger ones a few events more; those of a tree an eighth more than they
    /// need, and twice while they are small. All use up what their piece has anyway.
    /// </summary>
    /// <param name="events">The events that must fit.</param>
    /// <param name="before">Bytes in the piece before the leaf.</param>
    /// <param name="once">Bytes of the leaf besides events.</param>
    /// <param name="perEvent">Bytes of an event.</param>
    public static int For(int events, int before, int once, int perEvent)
    {
        var wanted = before == TreeWalk.LeafPieceHeader ? events + Math.Max(Math.Min(events, 8), events / 8) : events <= 16 ? events : (events + 7) & ~7;
        var room = SizeClasses.Capacity(before + once + (Math.Min(Leaf.Most, wanted) * perEvent)) - before - once;
        return Math.Min(Leaf.Most, room / perEvent);
    }
}

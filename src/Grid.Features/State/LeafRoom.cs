namespace Grid.Features.State;

/// <summary>Computes the capacity of leaves.</summary>
internal static class LeafRoom
{
    /// <summary>
    /// The capacity of a leaf. Small inline leaves get exactly what they need, because there are millions of them; larger ones a few events
    /// more. Leaves of a tree get an eighth more than they need, and up to twice while they are small. All use the rest of their size
    /// class.
    /// </summary>
    /// <param name="events">The number of events that must fit.</param>
    /// <param name="before">Bytes before the leaf in its piece.</param>
    /// <param name="once">Bytes of the leaf that do not depend on the number of events.</param>
    /// <param name="perEvent">Bytes per event.</param>
    public static int For(int events, int before, int once, int perEvent)
    {
        var wanted = before == TreeWalk.LeafPieceHeader ? events + Math.Max(Math.Min(events, 8), events / 8) : events <= 16 ? events : (events + 7) & ~7;
        var room = SizeClasses.Capacity(before + once + (Math.Min(Leaf.Most, wanted) * perEvent)) - before - once;
        return Math.Min(Leaf.Most, room / perEvent);
    }
}

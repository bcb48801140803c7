using System.Collections.Concurrent;

namespace Grid.Orleans;

/// <summary>The entities of a silo that have heard of something and have not written it down, in the order in which they did.</summary>
internal sealed class Unwritten(TimeProvider time)
{
    private readonly ConcurrentQueue<(EntityTurns Entity, long Since)> _entities = new();

    public void Add(EntityTurns entity) => _entities.Enqueue((entity, time.GetTimestamp()));

    /// <summary>Has those write it down who have waited for long.</summary>
    public void WriteDown(TimeSpan afterAtMost)
    {
        // One that the storage has no room for comes again at the end; no more than those that are here now are looked at.
        for (var left = _entities.Count; left > 0 && _entities.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) >= afterAtMost; left--)
        {
            if (_entities.TryDequeue(out var due))
            {
                due.Entity.WriteDown();
            }
        }
    }
}

using System.Collections.Concurrent;
using Grid.Decisions.Records;

namespace Grid.Engine;

/// <summary>A record after the last checkpoint, kept in memory until the entity that it concerns is touched.</summary>
internal readonly record struct TailEntry(long Position, ReadOnlyMemory<byte> Bytes, SchemaMap Map);

/// <summary>
/// What the journal holds beyond the snapshots, by entity. Built at start, emptied as entities are touched; the next checkpoint touches the
/// rest.
/// </summary>
internal sealed class TailIndex
{
    private readonly ConcurrentDictionary<Told, List<TailEntry>> _entries = new();
    private volatile bool _isEmpty = true;

    public bool IsEmpty => _isEmpty;

    public int Count => _entries.Count;

    /// <summary>Adds a record; called in the order of positions, before anything is touched.</summary>
    public void Add(Told told, TailEntry entry)
    {
        _isEmpty = false;
        _entries.GetOrAdd(told, _ => []).Add(entry);
    }

    /// <summary>Hands over an entity's records, in the order of positions; null where there are none.</summary>
    public List<TailEntry>? Take(int kind, string key) =>
        !_isEmpty && _entries.TryRemove(new(kind, key), out var entries) ? entries : null;

    public IEnumerable<Told> Entities => _entries.Keys;

    /// <summary>Called when every entity was touched.</summary>
    public void NoteIfEmpty() => _isEmpty = _entries.IsEmpty;

    public void Clear()
    {
        _entries.Clear();
        _isEmpty = true;
    }
}

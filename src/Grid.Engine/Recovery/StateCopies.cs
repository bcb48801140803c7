using System.Buffers;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>An entity's state at a position: where it lies in <see cref="StateCopies"/>.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Place">Its first place in the table of snapshots.</param>
/// <param name="Kind">Place of its kind.</param>
/// <param name="Position">The position that the state includes.</param>
/// <param name="At">Where the copy begins: the key, then the state.</param>
/// <param name="KeyBytes">Bytes of the key.</param>
/// <param name="StateBytes">Bytes of the state.</param>
internal readonly record struct StateCopy(EntityHandle Entity, long Place, int Kind, long Position, int At, int KeyBytes, int StateBytes);

/// <summary>Copies of entities' states on their way to the disk, one behind another in a buffer that is used again and again.</summary>
internal sealed class StateCopies
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private readonly List<StateCopy> _all = [];

    public int Count => _all.Count;

    public int Bytes => _bytes.WrittenCount;

    /// <summary>The latest position that any of them includes.</summary>
    public long Latest { get; private set; }

    public StateCopy this[int index] => _all[index];

    public void Clear()
    {
        _all.Clear();
        _bytes.ResetWrittenCount();
        Latest = 0;
    }

    public void Add(EntityStore store, EntityHandle entity, long place)
    {
        var at = _bytes.WrittenCount;
        var key = store.KeyBytesOf(entity);
        _bytes.Write(key);
        var state = _bytes.WrittenCount;
        store.WriteSnapshot(entity, _bytes);
        var position = store.Position(entity);
        _all.Add(new(entity, place, store.KindOf(entity), position, at, state - at, _bytes.WrittenCount - state));
        Latest = Math.Max(Latest, position);
    }

    /// <summary>Drops the copies that something says are not good.</summary>
    public void RemoveAll(Predicate<StateCopy> isBad) => _all.RemoveAll(isBad);

    public ReadOnlySpan<byte> KeyOf(in StateCopy copy) => _bytes.WrittenSpan.Slice(copy.At, copy.KeyBytes);

    public ReadOnlySpan<byte> StateOf(in StateCopy copy) => _bytes.WrittenSpan.Slice(copy.At + copy.KeyBytes, copy.StateBytes);
}

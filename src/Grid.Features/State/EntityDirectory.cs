using System.Text;
using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>The resident entities: finds them by kind and key, creates and removes their records.</summary>
internal sealed unsafe class EntityDirectory(Arena arena, KindState[] kinds) : IDisposable
{
    private const int MostKeyBytes = ushort.MaxValue;
    private static readonly UTF8Encoding Utf8 = new(false, true);

    private readonly EntityIndex _index = new();
    private byte[] _key = new byte[256];

    public int Count => _index.Count;

    /// <summary>Bytes allocated for the index.</summary>
    public long AllocatedBytes => _index.AllocatedBytes;

    /// <inheritdoc cref="EntityIndex.MeanDistance"/>
    public double MeanDistance => _index.MeanDistance;

    /// <inheritdoc cref="EntityStore.Find"/>
    public EntityHandle Find(int kind, string key) => new(Find(kind, HashOf(kind, key), Encode(key)));

    /// <inheritdoc cref="EntityStore.Create"/>
    public EntityHandle Create(int kind, string key)
    {
        var bytes = Encode(key);
        if (bytes.Length > MostKeyBytes)
        {
            throw new ArgumentException($"A key takes at most {MostKeyBytes} bytes; this one takes {bytes.Length}.", nameof(key));
        }

        var hash = HashOf(kind, key);
        if (Find(kind, hash, bytes) != 0)
        {
            throw new ArgumentException($"The {kinds[kind].Plan.Name} '{key}' is resident already.", nameof(key));
        }

        var head = kinds[kind].Layout.RecordHeader;
        var handle = arena.Allocate(head + bytes.Length);
        var piece = arena[handle];
        new Span<byte>(piece + Arena.Reserved, head - Arena.Reserved).Clear();
        EntityRecord.Mark(piece) = EntityRecord.EntityMark;
        EntityRecord.Kind(piece) = (byte)kind;
        EntityRecord.KeyBytes(piece) = (ushort)bytes.Length;
        bytes.CopyTo(new Span<byte>(piece + head, bytes.Length));
        _index.Add(hash, handle);
        return new(handle);
    }

    /// <summary>Removes the record of an entity whose state was already freed.</summary>
    public void Remove(EntityHandle entity)
    {
        var record = RecordOf(entity);
        _index.Remove(HashOf(EntityRecord.Kind(record.Piece), record.KeyText), entity.Index);
        arena.Free(entity.Index, record.HeadBytes);
    }

    /// <inheritdoc cref="EntityStore.Next"/>
    public EntityHandle Next(EntityHandle after)
    {
        for (var handle = after.Index + 1; handle < arena.HandleLimit; handle++)
        {
            if (IsEntity(handle))
            {
                return new(handle);
            }
        }

        return EntityHandle.None;
    }

    /// <exception cref="ArgumentException">The handle refers to no resident entity.</exception>
    public byte* PieceOf(EntityHandle entity) =>
        IsEntity(entity.Index) ? arena[entity.Index] : throw new ArgumentException("The handle names no resident entity.", nameof(entity));

    public EntityRecord RecordOf(EntityHandle entity)
    {
        var piece = PieceOf(entity);
        return new(piece, kinds[EntityRecord.Kind(piece)].Layout);
    }

    public void Dispose() => _index.Dispose();

    // Uses the lower half of the hash: hosts select a store by the upper half, which the entities of one store therefore share.
    private static uint HashOf(int kind, string key) => (uint)StableHash.With(StableHash.Of(key), kind);

    private bool IsEntity(int handle) => arena.IsLive(handle) && EntityRecord.Mark(arena[handle]) == EntityRecord.EntityMark;

    private int Find(int kind, uint hash, ReadOnlySpan<byte> key)
    {
        var probe = 0;
        for (var handle = _index.Next(hash, ref probe); handle != 0; handle = _index.Next(hash, ref probe))
        {
            var piece = arena[handle];
            if (EntityRecord.Kind(piece) == kind && new EntityRecord(piece, kinds[kind].Layout).Key.SequenceEqual(key))
            {
                return handle;
            }
        }

        return 0;
    }

    private ReadOnlySpan<byte> Encode(string key)
    {
        var most = Utf8.GetMaxByteCount(key.Length);
        if (_key.Length < most)
        {
            _key = new byte[most];
        }

        return _key.AsSpan(0, Utf8.GetBytes(key, _key));
    }
}

using System.Buffers;

namespace Grid.Postgres;

/// <summary>What gathers for the next flush, and the bytes of its rows. Two of them take turns: one fills while the other is written.</summary>
internal sealed class Batch
{
    private const int SmallestBuffer = 1 << 16;
    private const int LargestKept = 1 << 22;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);

    public List<PendingRow> Rows { get; } = [];

    public List<PendingSnapshot> Snapshots { get; } = [];

    /// <summary>Bytes of the rows' bodies.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the snapshots.</summary>
    public int SnapshotLength { get; private set; }

    public bool IsEmpty => Rows.Count == 0 && Snapshots.Count == 0;

    public ReadOnlyMemory<byte> BytesOf(int offset, int length) => _buffer.AsMemory(offset, length);

    /// <summary>Copies a body.</summary>
    /// <returns>Where it is.</returns>
    public int Add(ReadOnlySpan<byte> body)
    {
        var offset = Length;
        var needed = checked(Length + body.Length);
        if (needed > _buffer.Length)
        {
            var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, _buffer.Length * 2L), Array.MaxLength));
            _buffer.AsSpan(0, Length).CopyTo(grown);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = grown;
        }

        body.CopyTo(_buffer.AsSpan(offset));
        Length = needed;
        return offset;
    }

    public void Add(PendingSnapshot snapshot)
    {
        Snapshots.Add(snapshot);
        SnapshotLength += snapshot.Bytes.Length;
    }

    /// <summary>Makes the batch fit for its next use. Its rows and snapshots were told before.</summary>
    public void End()
    {
        Rows.Clear();
        Snapshots.Clear();
        (Length, SnapshotLength) = (0, 0);
        if (_buffer.Length > LargestKept)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
        }
    }
}

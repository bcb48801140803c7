using System.Buffers;

namespace Grid.Postgres;

/// <summary>What gathers for the next flush, and the bytes of its rows. Two of them take turns: one fills while the other is written.</summary>
internal sealed class Batch
{
    private const int SmallestBuffer = 1 << 16;
    private const int LargestKept = 1 << 22;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
    private TaskCompletionSource? _marksDone;

    public List<PendingRow> Rows { get; } = [];

    public List<PendingSnapshot> Snapshots { get; } = [];

    public List<PendingMark> Marks { get; } = [];

    /// <summary>Bytes of the rows' bodies.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the snapshots.</summary>
    public int SnapshotLength { get; private set; }

    public bool IsEmpty => Rows.Count == 0 && Snapshots.Count == 0 && Marks.Count == 0;

    /// <summary>Ends when the marks that gather now are gone.</summary>
    public Task MarksDone => (_marksDone ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

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

    /// <summary>Tells those who wait for the marks, and makes the batch fit for its next use. Its rows and snapshots were told before.</summary>
    public void End(Exception? failure)
    {
        if (_marksDone is { } done)
        {
            if (failure is null)
            {
                done.SetResult();
            }
            else
            {
                done.SetException(failure);
                _ = done.Task.Exception; // Nobody needs to await it.
            }
        }

        Rows.Clear();
        Snapshots.Clear();
        Marks.Clear();
        (_marksDone, Length, SnapshotLength) = (null, 0, 0);
        if (_buffer.Length > LargestKept)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
        }
    }
}

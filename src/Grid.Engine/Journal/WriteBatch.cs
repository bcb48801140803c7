using Grid.Features.Binary;

namespace Grid.Engine;

/// <summary>Waits for the commit of the batch that it joined.</summary>
internal interface ICommitWaiter
{
    ICommitWaiter? NextWaiter { get; set; }

    /// <summary>Called on the journal's thread, which must not be kept.</summary>
    /// <param name="failure">Null where the batch is on disk.</param>
    void CommitDone(Exception? failure);
}

/// <summary>The batch that is being filled. Two of them take turns: one fills while the other is written.</summary>
internal sealed class WriteBatch
{
    private const int SmallestBuffer = 1 << 16;

    private ICommitWaiter? _lastWaiter;

    public byte[] Buffer { get; private set; } = new byte[SmallestBuffer];

    public int Length { get; private set; }

    public long First { get; private set; }

    public int Count { get; private set; }

    public long Earliest { get; private set; }

    public long Latest { get; private set; }

    public ICommitWaiter? FirstWaiter { get; private set; }

    public bool IsEmpty => Count == 0 && FirstWaiter is null;

    public void Add(long position, ReadOnlySpan<byte> record, long eventTime)
    {
        if (Count++ == 0)
        {
            (First, Earliest, Latest) = (position, eventTime, eventTime);
        }

        Earliest = Math.Min(Earliest, eventTime);
        Latest = Math.Max(Latest, eventTime);
        var needed = Length + record.Length + 5;
        if (needed > Buffer.Length)
        {
            var grown = new byte[Math.Max(needed, Buffer.Length * 2)];
            Buffer.AsSpan(0, Length).CopyTo(grown);
            Buffer = grown;
        }

        var writer = new SpanWriter(Buffer.AsSpan(Length));
        writer.VarUInt((ulong)record.Length);
        writer.Bytes(record);
        Length += writer.Written;
    }

    public void Join(ICommitWaiter waiter)
    {
        waiter.NextWaiter = null;
        if (_lastWaiter is null)
        {
            FirstWaiter = waiter;
        }
        else
        {
            _lastWaiter.NextWaiter = waiter;
        }

        _lastWaiter = waiter;
    }

    public StoredBatch ToStored(long schema, long previous) =>
        new(First, Count, Earliest, Latest, schema, previous, Buffer.AsMemory(0, Length));

    /// <summary>Tells those who waited, in the order they came, and makes the batch fit for the next use.</summary>
    public void Complete(Exception? failure)
    {
        var waiter = FirstWaiter;
        while (waiter is not null)
        {
            var next = waiter.NextWaiter; // Read first: a waiter that was told may be used again at once.
            waiter.NextWaiter = null;
            waiter.CommitDone(failure);
            waiter = next;
        }

        (Length, Count, FirstWaiter, _lastWaiter) = (0, 0, null, null);
        if (Buffer.Length > SmallestBuffer * 64)
        {
            Buffer = new byte[SmallestBuffer];
        }
    }
}

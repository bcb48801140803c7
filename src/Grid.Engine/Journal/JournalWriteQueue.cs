using System.Collections.Concurrent;

namespace Grid.Engine;

/// <summary>
/// What came in and waits to be written: the batch that fills, and other work. Many threads put in, the journal's own takes out; it rests here
/// while there is nothing to take.
/// </summary>
/// <param name="first">The first position to give out: one that no earlier start can have given out.</param>
internal sealed class JournalWriteQueue(long first) : IDisposable
{
    private const int FlushBytes = 1 << 20;
    private const int MostBytes = 1 << 26;

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ConcurrentQueue<IJournalWork> _work = new();
    private WriteBatch _open = new();
    private WriteBatch _spare = new();
    private WriteBatch? _committing;
    private long _next = first;
    private bool _flush;
    private bool _asleep;
    private volatile bool _stopping;
    private volatile Exception? _failure;

    /// <summary>Who has appended but not yet told everyone. Another one after each failure.</summary>
    public DeliveryGate Gate { get; private set; } = new();

    public long LastGiven
    {
        get
        {
            lock (_lock)
            {
                return _next - 1;
            }
        }
    }

    /// <summary>Whether new work may come in: the last write went well and the batch that fills is not too long.</summary>
    public bool HasRoom => _failure is null && _open.Length < MostBytes;

    /// <summary>Why nothing is taken; null where something is.</summary>
    public Exception? Failure => _failure;

    public bool HasWork => !_work.IsEmpty;

    /// <inheritdoc cref="Journal.Append"/>
    public long Append(ReadOnlySpan<byte> record, long eventTime, ICommitWaiter? waiter, out DeliveryPass pass)
    {
        long position;
        bool wake;
        lock (_lock)
        {
            if (_failure is not null || _stopping)
            {
                pass = default;
                return 0;
            }

            position = _next++;
            pass = Gate.Enter();
            _open.Add(position, record, eventTime);
            if (waiter is not null)
            {
                _open.Join(waiter);
            }

            wake = _asleep && (waiter is not null || _open.Length > FlushBytes);
            _asleep &= !wake;
        }

        if (wake)
        {
            _wake.Set();
        }

        return position;
    }

    /// <inheritdoc cref="Journal.Join"/>
    public bool Join(ICommitWaiter waiter)
    {
        lock (_lock)
        {
            if (_failure is not null || _stopping)
            {
                return false;
            }

            _open.Join(waiter);
        }

        Wake();
        return true;
    }

    /// <summary>Has what gathered written, though nobody waits for it.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _flush = _open.Count > 0;
            if (!_flush)
            {
                return;
            }
        }

        Wake();
    }

    public void Add(IJournalWork work)
    {
        _work.Enqueue(work);
        Wake();
    }

    /// <summary>Turns the gate.</summary>
    /// <returns>The last position given before, and the task that ends when everyone who had been given one has told.</returns>
    public (long Last, Task Told) TurnGate()
    {
        lock (_lock)
        {
            return (_next - 1, Gate.Turn());
        }
    }

    /// <summary>A record that was not yet taken, or was taken but not yet done; null where it is neither.</summary>
    public ReadOnlyMemory<byte>? Find(long position)
    {
        lock (_lock)
        {
            return FindIn(_open, position) ?? (_committing is null ? null : FindIn(_committing, position));
        }
    }

    /// <summary>Takes the batch that fills, where it is due to be written.</summary>
    /// <param name="stop">Whether nothing will come in any more.</param>
    public WriteBatch? Take(out bool stop)
    {
        lock (_lock)
        {
            stop = _stopping;
            var due = _open.FirstWaiter is not null || (_open.Count > 0 && (_flush || stop || _open.Length > FlushBytes || HasWork)); // Other work never overtakes records.
            if (!due)
            {
                _asleep = !HasWork;
                return null;
            }

            _flush = false;
            (_committing, _open, _spare) = (_open, _spare, null!);
            return _committing;
        }
    }

    public bool TryTakeWork([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IJournalWork? work) => _work.TryDequeue(out work);

    /// <summary>Rests until something comes in.</summary>
    public void Rest() => _wake.WaitOne();

    /// <summary>Tells those who waited for a batch that it is on disk, and has it ready to be filled again.</summary>
    public void Committed(WriteBatch batch)
    {
        lock (_lock)
        {
            _committing = null;
        }

        batch.Complete(null);
        lock (_lock)
        {
            _spare = batch;
        }
    }

    /// <summary>Refuses everything from now on, without a word to those who wait.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="lost">The batch that filled: those who wait for it are to be told.</param>
    /// <returns>False where everything was refused already.</returns>
    public bool TryRefuse(Exception failure, out WriteBatch lost)
    {
        lock (_lock)
        {
            lost = _open;
            if (_failure is not null)
            {
                return false;
            }

            (_failure, _open) = (failure, new());
            return true;
        }
    }

    /// <summary>Refuses everything from now on, for the batch taken last could not be written.</summary>
    /// <param name="failure">Why.</param>
    /// <returns>The batch that filled meanwhile: those who wait for it are to be told.</returns>
    public WriteBatch RefuseAfterWrite(Exception failure)
    {
        lock (_lock)
        {
            var lost = _open;
            _failure = failure;
            (_open, _spare, _committing) = (new(), new(), null);
            return lost;
        }
    }

    /// <summary>Takes work again.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            Gate = new();
            _failure = null;
        }
    }

    /// <summary>Takes nothing any more, and wakes who rests.</summary>
    /// <returns>False where it had stopped before.</returns>
    public bool TryStop()
    {
        lock (_lock)
        {
            if (_stopping)
            {
                return false;
            }

            _stopping = true;
        }

        _wake.Set();
        return true;
    }

    /// <summary>Tells those who wait for the batch that fills that it is lost. Called when nobody else is here any more.</summary>
    public void Drop(Exception why) => _open.Complete(why);

    public void Dispose() => _wake.Dispose();

    private static ReadOnlyMemory<byte>? FindIn(WriteBatch batch, long position)
    {
        if (batch.Count == 0 || position < batch.First || position >= batch.First + batch.Count)
        {
            return null;
        }

        return batch.ToStored(0, 0).RecordAt(position) is { } record ? record.ToArray() : null;
    }

    private void Wake()
    {
        lock (_lock)
        {
            _asleep = false;
        }

        _wake.Set();
    }
}

namespace Grid.Engine;

/// <summary>
/// A queue that any thread adds to and one takes from, without locks and without allocation; first in, first out. After D. Vyukov's intrusive
/// node-based queue (1024cores.net, 2010).
/// </summary>
internal sealed class MessageQueue
{
    private readonly Stub _stub = new();
    private ShardMessage _last;
    private ShardMessage _first;

    public MessageQueue() => _last = _first = _stub;

    public void Add(ShardMessage message)
    {
        message.Next = null;
        var before = Interlocked.Exchange(ref _last, message);
        Volatile.Write(ref before.Next, message);
    }

    /// <summary>Takes the first message, of which the caller knows that it has been, or is just being, added.</summary>
    public ShardMessage Take()
    {
        var spin = default(SpinWait);
        while (true)
        {
            if (TryTake(out var message))
            {
                return message!;
            }

            // Somebody has counted itself in but not linked its message yet: a matter of a few instructions.
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private bool TryTake(out ShardMessage? message)
    {
        var first = _first;
        var next = Volatile.Read(ref first.Next);
        if (ReferenceEquals(first, _stub))
        {
            if (next is null)
            {
                message = null;
                return false;
            }

            _first = first = next;
            next = Volatile.Read(ref first.Next);
        }

        if (next is null)
        {
            if (!ReferenceEquals(first, Volatile.Read(ref _last)))
            {
                message = null;
                return false;
            }

            Add(_stub); // The last message may leave only once something is linked behind it.
            next = Volatile.Read(ref first.Next);
            if (next is null)
            {
                message = null;
                return false;
            }
        }

        _first = next;
        message = first;
        return true;
    }

    private sealed class Stub : ShardMessage
    {
        public override void RunOnShard(Shard shard) => throw new InvalidOperationException("The queue's stub is no message.");
    }
}

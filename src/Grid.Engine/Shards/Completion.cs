using System.Threading.Tasks.Sources;

namespace Grid.Engine;

/// <summary>
/// The end of a request: what its caller awaits. It comes when all parts are done: the way through the shards, the commit of what was
/// appended where that is waited for, and the labels that had waited for the event.
/// </summary>
internal sealed class Completion(Request request)
    : ICommitWaiter, IValueTaskSource<Decision>, IValueTaskSource<Ranking>, IValueTaskSource<EventReceipt>, IValueTaskSource<EntityFeatures>
{
    private ManualResetValueTaskSourceCore<object> _source;
    private int _parts;
    private object? _answer;
    private Exception? _failure;
    private Completion? _parent;

    ICommitWaiter? ICommitWaiter.NextWaiter { get; set; }

    public short Version => _source.Version;

    /// <summary>Whether a caller awaits it: not of a label that had waited for its event, whose caller was answered long ago.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Begins with the way through the shards as its one part.</summary>
    public void Begin()
    {
        (_parts, IsAwaited) = (1, true);
        request.Core.CallBegan();
    }

    /// <summary>Begins without a caller, as one part of another completion; null is of none.</summary>
    public void BeginAsPartOf(Completion? parent)
    {
        (_parts, IsAwaited, _parent) = (1, false, parent);
        request.Core.CallBegan();
    }

    /// <summary>Keeps what the caller is answered unless a part fails.</summary>
    public void Answer(object answer) => _answer = answer;

    /// <summary>The commit becomes a part. Said before it is joined: the journal may be done before the joining thread goes on.</summary>
    public void AddCommit() => _parts = 2;

    /// <summary>The journal did not take the waiter: the way is the only part again.</summary>
    public void DropCommit() => _parts = 1;

    public void AddParts(int parts) => Interlocked.Add(ref _parts, parts);

    /// <summary>One part is done. With the last one the request is not to be touched any more: it may be another call's already.</summary>
    /// <param name="failure">Why it failed; null where it went well. The first one told counts.</param>
    public void PartDone(Exception? failure)
    {
        if (failure is not null)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }

        if (Interlocked.Decrement(ref _parts) == 0)
        {
            _source.RunContinuationsAsynchronously = true; // This thread may be in a shard.
            Complete();
        }
    }

    void ICommitWaiter.CommitDone(Exception? failure)
    {
        if (failure is not null)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }

        if (Interlocked.Decrement(ref _parts) == 0)
        {
            request.Core.Completions.Add(this);
        }
    }

    /// <summary>Ends the call, whose parts are all done, and runs what waits for it on this thread, which must be in no shard and hold nothing up.</summary>
    public void EndInline()
    {
        _source.RunContinuationsAsynchronously = false;
        Complete();
    }

    ValueTaskSourceStatus IValueTaskSource<Decision>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<Ranking>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<EventReceipt>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<EntityFeatures>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Decision>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<Ranking>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<EventReceipt>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<EntityFeatures>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    Decision IValueTaskSource<Decision>.GetResult(short token) => (Decision)Finish(token);

    Ranking IValueTaskSource<Ranking>.GetResult(short token) => (Ranking)Finish(token);

    EventReceipt IValueTaskSource<EventReceipt>.GetResult(short token) => (EventReceipt)Finish(token);

    EntityFeatures IValueTaskSource<EntityFeatures>.GetResult(short token) => (EntityFeatures)Finish(token);

    private object Finish(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            Recycle();
        }
    }

    private void Complete()
    {
        request.Core.CallEnded();
        if (!IsAwaited)
        {
            var parent = _parent;
            Recycle();
            parent?.PartDone(null);
        }
        else if (_failure is { } failure)
        {
            _source.SetException(failure);
        }
        else
        {
            _source.SetResult(_answer!);
        }
    }

    /// <summary>Makes the request fit for its next use, and gives it back.</summary>
    private void Recycle()
    {
        _source.Reset();
        (_answer, _failure, _parent) = (null, null, null);
        request.Core.Requests.Give(request);
    }
}

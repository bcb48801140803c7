using System.Collections.Concurrent;

namespace Grid.Engine;

/// <summary>
/// Ends calls whose commit is done, away from the journal's thread. A commit ends many calls at once: giving each to the thread pool by itself
/// costs a wake-up a call. Here a pool thread takes one call after another. Before it runs the first
/// one's continuation it has another thread called, so that a continuation that blocks holds up nobody but itself.
/// </summary>
internal sealed class Completions : IThreadPoolWorkItem
{
    private const int MostAtOnce = 64;

    private readonly ConcurrentQueue<Completion> _done = new();
    private int _called;

    public void Add(Completion completion)
    {
        _done.Enqueue(completion);
        Call();
    }

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _called, 0);
        Interlocked.MemoryBarrier(); // What is enqueued from here on calls for another thread; what was enqueued before is seen below.
        for (var i = 0; i < MostAtOnce && _done.TryDequeue(out var completion); i++)
        {
            if (i == 0 && !_done.IsEmpty)
            {
                Call();
            }

            completion.EndInline();
        }

        if (!_done.IsEmpty)
        {
            Call();
        }
    }

    private void Call()
    {
        if (Volatile.Read(ref _called) == 0 && Interlocked.Exchange(ref _called, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}

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
    private const long Nothing = -1;

    private readonly ConcurrentQueue<Completion> _done = new();
    private readonly object _reached = new();
    private long _added;
    private long _taken;
    private long _awaited = Nothing;
    private int _called;

    public void Add(Completion completion)
    {
        Interlocked.Increment(ref _added);
        _done.Enqueue(completion);
        Call();
    }

    /// <summary>
    /// Waits until a thread has taken up each call that was added so far, at most for a time. Those who are busy and ask again at once have asked by then, so the
    /// journal, whose thread alone calls this, writes all of them in one commit instead of the first few alone, which costs the processors as much.
    /// </summary>
    /// <param name="most">In milliseconds: what one thread's continuation may cost the others.</param>
    /// <returns>False where the time was over first.</returns>
    public bool WaitUntilTakenUp(int most)
    {
        var added = Volatile.Read(ref _added);
        if (Volatile.Read(ref _taken) >= added)
        {
            return true;
        }

        lock (_reached)
        {
            Interlocked.Exchange(ref _awaited, added); // Seen before the count is read again: it is either told below or found there.
            var taken = Volatile.Read(ref _taken) >= added || Monitor.Wait(_reached, most);
            Volatile.Write(ref _awaited, Nothing);
            return taken;
        }
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

            if (Interlocked.Increment(ref _taken) == Volatile.Read(ref _awaited))
            {
                lock (_reached)
                {
                    Monitor.Pulse(_reached);
                }
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

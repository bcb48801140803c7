using System.Diagnostics;

namespace Grid.Engine;

/// <summary>
/// Ends what waits when its time is over, on two threads of the engine's own: a busy thread pool delays no deadline. One of them watches the clock; when
/// it goes to run what was due, the other watches, so that a long turn at one deadline holds up no other. They start with the first wait.
/// </summary>
/// <param name="time">The clock. One that makes timers of its own is left to make them: a test has them go off by hand.</param>
internal sealed class Deadlines(TimeProvider time) : IDisposable
{
    private readonly bool _makesTimers = time.GetType().GetMethod(nameof(TimeProvider.CreateTimer))!.DeclaringType != typeof(TimeProvider);
    private readonly object _gate = new();
    private readonly PriorityQueue<DeadlineWait, long> _waits = new();
    private Thread[] _threads = [];
    private bool _isWatched;
    private bool _hasEnded;

    /// <summary>Has something run once, after so long, unless it is dropped before.</summary>
    public DeadlineWait Start(TimeSpan after, Action then)
    {
        var wait = new DeadlineWait(then);
        if (_makesTimers)
        {
            wait.KeepTimer(time.CreateTimer(static wait => ((DeadlineWait)wait!).Run(), wait, after, Timeout.InfiniteTimeSpan));
            return wait;
        }

        var due = Stopwatch.GetTimestamp() + (long)(after.TotalSeconds * Stopwatch.Frequency);
        lock (_gate)
        {
            if (_hasEnded)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static late => late.Run(), wait, preferLocal: false); // It finds everything stopped, and says so.
                return wait;
            }

            _waits.Enqueue(wait, due);
            if (_threads.Length == 0)
            {
                _threads = [Begin("deadlines 1"), Begin("deadlines 2")];
            }
            else if (ReferenceEquals(_waits.Peek(), wait))
            {
                Monitor.PulseAll(_gate); // Who watches is to watch for this one.
            }
        }

        return wait;
    }

    /// <summary>Ends the threads; what still waits is never run.</summary>
    public void Dispose()
    {
        Thread[] threads;
        lock (_gate)
        {
            _hasEnded = true;
            threads = _threads;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in threads.Where(thread => thread != Thread.CurrentThread))
        {
            thread.Join();
        }
    }

    private Thread Begin(string name)
    {
        var thread = new Thread(Run) { Name = $"grid {name}", IsBackground = true, Priority = ThreadPriority.Highest };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        while (TakeDue() is { } wait)
        {
            wait.Run();
        }
    }

    /// <summary>Waits until something is due and takes it; null at the end.</summary>
    private DeadlineWait? TakeDue()
    {
        lock (_gate)
        {
            while (!_hasEnded)
            {
                if (_isWatched || !_waits.TryPeek(out var wait, out var due))
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (wait.WasDropped || left <= TimeSpan.Zero)
                {
                    _waits.Dequeue();
                    if (wait.WasDropped)
                    {
                        continue;
                    }

                    Monitor.PulseAll(_gate); // The other one watches now.
                    return wait;
                }

                _isWatched = true;
                Monitor.Wait(_gate, Math.Max(1, (int)left.TotalMilliseconds));
                _isWatched = false;
            }

            return null;
        }
    }
}

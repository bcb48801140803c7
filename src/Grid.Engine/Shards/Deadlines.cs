namespace Grid.Engine;

/// <summary>
/// Ends what waits when its time is over, on two threads of the engine's own: a busy thread pool delays no deadline. One of them watches the clock; when
/// it goes to run what was due, the other watches, so that a long turn at one deadline holds up no other. They start with the first wait.
/// </summary>
/// <remarks>
/// The watching thread waits for as long as the clock says is left, and so needs nobody to wake it. A timer of the clock wakes it as well:
/// it is
/// what ends the wait where the clock is moved by hand. Whoever wakes it, only the clock decides what is due.
/// </remarks>
internal sealed class Deadlines : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _alarm;
    private readonly object _gate = new();
    private readonly PriorityQueue<DeadlineWait, TimeSpan> _waits = new();
    private Thread[] _threads = [];
    private TimeSpan _alarmDue = Timeout.InfiniteTimeSpan;
    private bool _isWatched;
    private bool _hasEnded;

    /// <param name="time">The clock.</param>
    public Deadlines(TimeProvider time)
    {
        (_time, _origin) = (time, time.GetTimestamp());
        _alarm = time.CreateTimer(static state => ((Deadlines)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Has something run once, after so long, unless it is dropped before.</summary>
    public DeadlineWait Start(TimeSpan after, Action then)
    {
        var wait = new DeadlineWait(then);
        var due = Now + after;
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

        _alarm.Dispose();
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
                }
                else if (wait.WasDropped)
                {
                    _waits.Dequeue();
                }
                else if (due - Now is var left && left <= TimeSpan.Zero)
                {
                    _waits.Dequeue();
                    Monitor.PulseAll(_gate); // The other one watches now.
                    return wait;
                }
                else
                {
                    Watch(due, left);
                }
            }

            return null;
        }
    }

    /// <summary>
    /// Waits until the first wait may be due, or is another one. The clock is read again after the alarm was set: it may have been moved
    /// just before.
    /// </summary>
    private void Watch(TimeSpan due, TimeSpan left)
    {
        if (_alarmDue != due)
        {
            _alarmDue = due;
            _alarm.Change(left, Timeout.InfiniteTimeSpan);
            return;
        }

        _isWatched = true;
        Monitor.Wait(_gate, Math.Max(1, (int)left.TotalMilliseconds));
        _isWatched = false;
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}

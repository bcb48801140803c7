using System.Collections.Concurrent;

namespace Grid.Drills;

/// <summary>An attempt that failed with an error after which asking again is right.</summary>
/// <param name="Silo">The silo whose gateway was asked.</param>
/// <param name="Error">What it was.</param>
/// <param name="Message">What was said.</param>
/// <param name="IsDoor">Whether it was the gateway of a silo that the drill has killed, stopped or frozen, and it did not answer. Any other error is the cluster's.</param>
internal readonly record struct Failure(string Silo, GridError Error, string Message, bool IsDoor);

/// <summary>One call of a caller, from its first attempt to its answer. Times are timestamps of the system's clock.</summary>
internal readonly record struct Call(long Started, long Ended, IReadOnlyList<Failure> Failures)
{
    /// <summary>Whether the cluster failed an attempt; a closed door alone is a matter between caller and load balancer.</summary>
    public bool IsDisturbed => Failures.Any(failure => !failure.IsDoor);
}

/// <summary>Every call that was answered, and every fault: an answer that no caller should ever see.</summary>
internal sealed class CallLog
{
    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<object, long> _underWay = new();
    private readonly Lock _lock = new();
    private readonly List<(Func<bool> Holds, TaskCompletionSource Reached)> _waits = [];
    private int _undisturbed;

    public IReadOnlyCollection<string> Faults => _faults;

    public int Count => _calls.Count;

    /// <summary>When the oldest call began that is still under way; the highest number where there is none.</summary>
    public long OldestUnderWay => _underWay.Values.DefaultIfEmpty(long.MaxValue).Min();

    public void Begin(object call, long at) => _underWay[call] = at;

    /// <summary>How many calls in a row the cluster has answered without failing an attempt, up to now.</summary>
    public int Undisturbed
    {
        get
        {
            lock (_lock)
            {
                return _undisturbed;
            }
        }
    }

    public void End(object call, Call answered)
    {
        _underWay.TryRemove(call, out _);
        _calls.Enqueue(answered);
        lock (_lock)
        {
            _undisturbed = answered.IsDisturbed ? 0 : _undisturbed + 1;
            Tell();
        }
    }

    public void AddFault(string fault)
    {
        _faults.Enqueue(fault);
        lock (_lock)
        {
            Tell();
        }
    }

    /// <summary>Waits until something holds, looked at after every answer, or until there is a fault.</summary>
    /// <exception cref="DrillException">The callers were not answered for so long that the cluster must hang.</exception>
    public async Task WhenAsync(Func<bool> holds)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waits.Add((holds, reached));
            Tell();
        }

        try
        {
            await reached.Task.WaitAsync(DrillLimit.Time, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new DrillException(
                $"The cluster hangs: {Count} calls were answered, the last {Undisturbed} undisturbed; {_underWay.Count} are under way.");
        }
    }

    /// <summary>The calls that had an attempt between two moments.</summary>
    public IReadOnlyList<Call> Between(long from, long to) => [.. _calls.Where(call => call.Ended >= from && call.Started <= to)];

    private void Tell() => _waits.RemoveAll(wait => (!_faults.IsEmpty || wait.Holds()) && wait.Reached.TrySetResult());
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Grid.Drills;

/// <summary>An attempt that failed with an error after which asking again is right.</summary>
/// <param name="Silo">The silo whose gateway was asked.</param>
/// <param name="Error">What it was.</param>
/// <param name="Message">What was said.</param>
/// <param name="IsDoor">Whether the gateway itself did not answer: nobody listens there any more, or not yet again. Any other error is the cluster's.</param>
internal readonly record struct Failure(string Silo, GridError Error, string Message, bool IsDoor);

/// <summary>One call of a caller, from its first attempt to its answer. Times are of <see cref="Stopwatch"/>.</summary>
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

    public IReadOnlyCollection<string> Faults => _faults;

    public int Count => _calls.Count;

    public void Add(Call call) => _calls.Enqueue(call);

    public void AddFault(string fault) => _faults.Enqueue(fault);

    /// <summary>The calls that had an attempt between two moments.</summary>
    public IReadOnlyList<Call> Between(long from, long to) => [.. _calls.Where(call => call.Ended >= from && call.Started <= to)];
}

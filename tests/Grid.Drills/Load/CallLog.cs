using System.Collections.Concurrent;
using System.Diagnostics;

namespace Grid.Drills;

/// <summary>An attempt that failed with an error after which asking again is right.</summary>
internal readonly record struct Failure(string Silo, GridError Error, string Message);

/// <summary>One call of a caller, from its first attempt to its answer. Times are of <see cref="Stopwatch"/>.</summary>
internal readonly record struct Call(long Started, long Ended, IReadOnlyList<Failure> Failures);

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

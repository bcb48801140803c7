using Microsoft.Extensions.Options;

namespace Grid.Gateway.Dashboard;

/// <summary>
/// The newest decisions the gateway answered, how long their answers took, and how many there were in all. Written by every request without a lock: a
/// reader that comes while a slot is being written sees the older decision of it, or the newer.
/// </summary>
internal sealed class RecentDecisions
{
    private const int Latencies = 4_096;

    private readonly ServedDecision?[] _served;
    private readonly long[] _latencies = new long[Latencies];
    private readonly Lock _growing = new();
    private volatile ActionCount[] _actions = [];
    private long _count;

    public RecentDecisions(IOptions<GatewayOptions> options) => _served = new ServedDecision[options.Value.RecentDecisions];

    /// <summary>Decisions answered since the start.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Each action that was answered, and how often.</summary>
    public ReadOnlySpan<ActionCount> Actions => _actions;

    public void Add(Decision decision, TimeSpan latency)
    {
        var number = Interlocked.Increment(ref _count);
        Volatile.Write(ref _served[number % _served.Length], new ServedDecision(number, decision, latency));
        Volatile.Write(ref _latencies[number % Latencies], latency.Ticks);
        Interlocked.Increment(ref CountOf(decision.Action).Count);
    }

    /// <summary>Decisions with a greater number than <paramref name="after"/>, oldest first; at most <paramref name="most"/>, the newest of them.</summary>
    public IReadOnlyList<ServedDecision> After(long after, int most)
    {
        var found = new List<ServedDecision>();
        for (var i = 0; i < _served.Length; i++)
        {
            if (Volatile.Read(ref _served[i]) is { } served && served.Number > after)
            {
                found.Add(served);
            }
        }

        found.Sort((left, right) => left.Number.CompareTo(right.Number));
        return found.Count <= most ? found : found.GetRange(found.Count - most, most);
    }

    /// <summary>The latency that the share <paramref name="quantile"/> (0 to 1) of the newest answers took at most; null where there was none.</summary>
    public TimeSpan?[] LatencyAt(params ReadOnlySpan<double> quantile)
    {
        var sorted = _latencies.AsSpan(0, (int)Math.Min(Count + 1, Latencies)).ToArray();
        Array.Sort(sorted);
        var values = sorted.AsSpan();
        values = values[values.IndexOfAnyExcept(0L) is var first and >= 0 ? first.. : values.Length..];
        var read = new TimeSpan?[quantile.Length];
        for (var i = 0; i < quantile.Length; i++)
        {
            read[i] = values.IsEmpty ? null : TimeSpan.FromTicks(values[Math.Max(0, (int)Math.Ceiling(quantile[i] * values.Length) - 1)]);
        }

        return read;
    }

    private ActionCount CountOf(string action)
    {
        foreach (var known in _actions)
        {
            if (ReferenceEquals(known.Action, action) || known.Action == action)
            {
                return known;
            }
        }

        lock (_growing)
        {
            var known = Array.Find(_actions, count => count.Action == action);
            if (known is null)
            {
                known = new(action);
                _actions = [.. _actions, known];
            }

            return known;
        }
    }
}

/// <param name="Number">Counted from 1 since the gateway's start.</param>
/// <param name="Decision">The answer.</param>
/// <param name="Latency">From the request's head to the answer's bytes.</param>
internal sealed record ServedDecision(long Number, Decision Decision, TimeSpan Latency);

internal sealed class ActionCount(string action)
{
    public string Action { get; } = action;

    /// <summary>Written by many threads at once.</summary>
    public long Count;
}

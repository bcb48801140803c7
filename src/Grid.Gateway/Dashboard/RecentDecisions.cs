using Microsoft.Extensions.Options;

namespace Grid.Gateway.Dashboard;

/// <summary>
/// The most recent decisions of the gateway, their latencies and the total count. Safe for concurrent use; a write takes a lock
/// only for a new action, and a concurrent read returns either the old or the new decision of a slot.
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

    /// <summary>Number of decisions since the start.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The number of decisions for each action.</summary>
    public ReadOnlySpan<ActionCount> Actions => _actions;

    public void Add(Decision decision, TimeSpan latency)
    {
        var number = Interlocked.Increment(ref _count);
        Volatile.Write(ref _served[number % _served.Length], new ServedDecision(number, decision, latency));
        Volatile.Write(ref _latencies[number % Latencies], latency.Ticks);
        Interlocked.Increment(ref CountOf(decision.Action).Count);
    }

    /// <summary>
    /// Decisions numbered above <paramref name="after"/>, oldest first; if there are more than <paramref name="most"/>, only the newest.
    /// </summary>
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

    /// <summary>The latency at each <paramref name="quantile"/> (0 to 1) of the most recent decisions; null if there are none.</summary>
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

/// <param name="Number">The number of the decision, counted from 1 since the start of the gateway.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Latency">Time from the receipt of the request headers to the response body.</param>
internal sealed record ServedDecision(long Number, Decision Decision, TimeSpan Latency);

internal sealed class ActionCount(string action)
{
    public string Action { get; } = action;

    /// <summary>Incremented by several threads concurrently.</summary>
    public long Count;
}

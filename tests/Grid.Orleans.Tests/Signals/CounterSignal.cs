using System.Diagnostics.Metrics;
using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>Waits until a counter of the silos in this process has gone up so far.</summary>
internal sealed class CounterSignal : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> _waits = [];
    private long _count;

    /// <param name="name">The counter, such as <c>grid.cluster.fetches</c>.</param>
    /// <param name="meters">The silos' meters: others of the process have counters of the same name.</param>
    public CounterSignal(string name, params IEnumerable<IMeterFactory> meters)
    {
        var scopes = meters.ToHashSet<object>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == name && instrument.Meter.Scope is { } scope && scopes.Contains(scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, more, _, _) => Add(more));
        _listener.Start();
    }

    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Ends when the counter has gone up by so much since this object was made.</summary>
    public Task ReachesAsync(long count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            Tell();
            return reached.Task.InTime();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(long more)
    {
        lock (_lock)
        {
            _count += more;
            Tell();
        }
    }

    private void Tell() => _waits.RemoveAll(wait => wait.Count <= _count && wait.Reached.TrySetResult());
}

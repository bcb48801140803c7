using System.Diagnostics.Metrics;
using Grid.Decisions.Hosting;

namespace Grid.Orleans;

/// <summary>Every measurement of the Orleans host: a dotted name, a unit, a sentence.</summary>
internal sealed class ClusterMetrics : HostMetrics
{
    private readonly Counter<long> _loads;
    private readonly Counter<long> _drops;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _failedDeliveries;
    private readonly Counter<long> _foreignReads;
    private readonly Counter<long> _timedOut;

    public ClusterMetrics(IMeterFactory? meters)
        : base(meters, "Grid.Orleans", "grid.cluster")
    {
        _loads = CreateCounter("grid.cluster.entities.loaded", "{entity}", "Entities read from the storage.");
        _drops = CreateCounter("grid.cluster.entities.dropped", "{entity}", "Entities dropped from memory because a row of theirs was not taken.");
        _deliveries = CreateCounter("grid.cluster.deliveries", "{delivery}", "Events delivered to entities other than the owner.");
        _failedDeliveries = CreateCounter("grid.cluster.deliveries.failed", "{delivery}", "Deliveries that failed and will be retried.");
        _foreignReads = CreateCounter(
            "grid.cluster.fetches", "{read}", "Feature fetches that owners in other silos answered.");
        _timedOut = CreateCounter(
            "grid.cluster.fetches.timed_out",
            "{entity}",
            "Entities that did not answer a decision by its deadline, or could not be reached.");
    }

    /// <summary>Adds the measurements that are read when somebody asks.</summary>
    public void Observe(Func<int> live, Func<long> bytes)
    {
        Meter.CreateObservableGauge("grid.cluster.entities.live", live, "{entity}", "Entities live in this silo.");
        Meter.CreateObservableGauge("grid.cluster.entities.size", bytes, "By", "Memory that live entities hold.");
    }

    public void Loaded() => _loads.Add(1);

    public void Dropped() => _drops.Add(1);

    public void Delivered() => _deliveries.Add(1);

    public void DeliveryFailed() => _failedDeliveries.Add(1);

    public void ForeignRead() => _foreignReads.Add(1);

    public void TimedOut(int entities) => _timedOut.Add(entities);
}

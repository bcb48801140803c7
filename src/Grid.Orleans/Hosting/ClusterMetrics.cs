using System.Diagnostics.Metrics;

using Grid.Decisions;

namespace Grid.Orleans;

/// <summary>Every measurement of the Orleans host: a dotted name, a unit, a sentence.</summary>
internal sealed class ClusterMetrics : HostMetrics
{
    private readonly Counter<long> _loads;
    private readonly Counter<long> _drops;
    private readonly Counter<long> _tells;
    private readonly Counter<long> _tellFailures;
    private readonly Counter<long> _foreignReads;
    private readonly Counter<long> _timedOut;

    public ClusterMetrics(IMeterFactory? meters)
        : base(meters, "Grid.Orleans", "grid.cluster")
    {
        _loads = CreateCounter("grid.cluster.entities.loaded", "{entity}", "Entities read from the storage.");
        _drops = CreateCounter("grid.cluster.entities.dropped", "{entity}", "Entities dropped from memory because a row of theirs was not taken.");
        _tells = CreateCounter("grid.cluster.tells", "{tell}", "Entities told of an event that another one took in.");
        _tellFailures = CreateCounter("grid.cluster.tells.failed", "{tell}", "Tells that failed and are tried again.");
        _foreignReads = CreateCounter(
            "grid.cluster.foreign_reads", "{read}", "Reads for decisions that other entities' owners answered by a call.");
        _timedOut = CreateCounter(
            "grid.cluster.foreign_reads.timed_out",
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

    public void Told() => _tells.Add(1);

    public void TellFailed() => _tellFailures.Add(1);

    public void ForeignRead() => _foreignReads.Add(1);

    public void TimedOut(int entities) => _timedOut.Add(entities);
}

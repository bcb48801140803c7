using System.Diagnostics.Metrics;

namespace Grid.Orleans;

/// <summary>Every measurement of the Orleans host: a dotted name, a unit, a sentence.</summary>
internal sealed class ClusterMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _events;
    private readonly Counter<long> _labels;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _loads;
    private readonly Counter<long> _drops;
    private readonly Counter<long> _tells;
    private readonly Counter<long> _tellFailures;

    public ClusterMetrics(IMeterFactory? meters)
    {
        _meter = meters?.Create("Grid.Orleans") ?? new("Grid.Orleans");
        _decisions = _meter.CreateCounter<long>("grid.cluster.decisions", "{decision}", "Decisions made.");
        _events = _meter.CreateCounter<long>("grid.cluster.events", "{event}", "Events taken in without a decision.");
        _labels = _meter.CreateCounter<long>("grid.cluster.labels", "{label}", "Labels taken in.");
        _duplicates = _meter.CreateCounter<long>("grid.cluster.duplicates", "{call}", "Calls that got a first answer again.");
        _rejections = _meter.CreateCounter<long>("grid.cluster.rejections", "{call}", "Calls whose input was at fault.");
        _refusals = _meter.CreateCounter<long>("grid.cluster.refusals", "{call}", "Calls refused as unavailable.");
        _loads = _meter.CreateCounter<long>("grid.cluster.entities.loaded", "{entity}", "Entities read from the storage.");
        _drops = _meter.CreateCounter<long>("grid.cluster.entities.dropped", "{entity}", "Entities dropped from memory because a row of theirs was not taken.");
        _tells = _meter.CreateCounter<long>("grid.cluster.tells", "{tell}", "Entities told of an event that another one took in.");
        _tellFailures = _meter.CreateCounter<long>("grid.cluster.tells.failed", "{tell}", "Tells that failed and are tried again.");
        foreach (var counter in (Counter<long>[])[_decisions, _events, _labels, _duplicates, _rejections, _refusals, _loads, _drops, _tells, _tellFailures])
        {
            counter.Add(0); // A rate over a counter that first appears at its first failure does not see that failure.
        }
    }

    /// <summary>Adds the measurements that are read when somebody asks.</summary>
    public void Observe(Func<int> live, Func<long> bytes)
    {
        _meter.CreateObservableGauge("grid.cluster.entities.live", live, "{entity}", "Entities live in this silo.");
        _meter.CreateObservableGauge("grid.cluster.entities.size", bytes, "By", "Memory that live entities hold.");
    }

    public void Decided() => _decisions.Add(1);

    public void Observed() => _events.Add(1);

    public void Labelled() => _labels.Add(1);

    public void Duplicate() => _duplicates.Add(1);

    public void Rejected() => _rejections.Add(1);

    public void Refused() => _refusals.Add(1);

    public void Loaded() => _loads.Add(1);

    public void Dropped() => _drops.Add(1);

    public void Told() => _tells.Add(1);

    public void TellFailed() => _tellFailures.Add(1);

    public void Dispose() => _meter.Dispose();
}

using System.Diagnostics.Metrics;
using Grid.Decisions.Hosting;

namespace Grid.Engine;

/// <summary>Every measurement of the engine: a dotted name, a unit, a sentence.</summary>
internal sealed class EngineMetrics : HostMetrics
{
    public const string MeterName = "Grid.Engine";

    private readonly Counter<long> _activations;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _rankings;
    private readonly Counter<long> _timedOut;
    private readonly Counter<long> _fallbackRows;
    private readonly Histogram<double> _gather;
    private readonly Histogram<double> _rankModel;
    private readonly Histogram<int> _candidates;
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _commitRecords;
    private readonly Histogram<int> _commitBytes;
    private readonly Histogram<double> _turn;
    private readonly Histogram<int> _rows;

    public EngineMetrics(IMeterFactory? meters)
        : base(meters, MeterName, "grid.engine")
    {
        _activations = CreateCounter("grid.engine.activations", "{entity}", "Entities brought into memory from the disk.");
        _evictions = CreateCounter("grid.engine.evictions", "{entity}", "Entities evicted from memory.");
        _failures = CreateCounter("grid.engine.journal.failures", "{failure}", "Writes of the journal that failed.");
        _commit = Meter.CreateHistogram<double>("grid.engine.commit.duration", "s", "Time to write and commit one journal batch.");
        _commitRecords = Meter.CreateHistogram<int>("grid.engine.commit.records", "{record}", "Records in one journal batch.");
        _commitBytes = Meter.CreateHistogram<int>("grid.engine.commit.size", "By", "Bytes of one journal batch.");
        _turn = Meter.CreateHistogram<double>("grid.engine.turn.duration", "s", "Time of one run of the model with the turns it served, divided by their number.");
        _rows = Meter.CreateHistogram<int>("grid.engine.batch.rows", "{row}", "Decisions scored in one run of the model.");

        _rankings = CreateCounter("grid.engine.rankings", "{ranking}", "Rankings made.");
        _timedOut = CreateCounter("grid.engine.fetches.timed_out", "{entity}", "Entities that timed out at a decision's deadline.");
        _fallbackRows = CreateCounter("grid.engine.fallback_model.rows", "{row}", "Rows scored by a decision's fallback model, because a feature timed out.");
        _gather = Meter.CreateHistogram<double>("grid.engine.rank.fetch.duration", "s", "Time from the start of a ranking until everything it reads of others is there.");
        _rankModel = Meter.CreateHistogram<double>("grid.engine.rank.model.duration", "s", "Time of a ranking's run of the model.");
        _candidates = Meter.CreateHistogram<int>("grid.engine.rank.candidates", "{candidate}", "Candidates of one ranking.");
    }

    /// <summary>Whether somebody listens to the turn's duration: a clock is read only then.</summary>
    public bool TimesTurns => _turn.Enabled;

    /// <summary>Adds the measurements that are read when somebody asks.</summary>
    public void Observe(Func<int> residents, Func<int> waiting, Func<long> bytes)
    {
        Meter.CreateObservableGauge("grid.engine.entities.resident", residents, "{entity}", "Entities in memory.");
        Meter.CreateObservableGauge("grid.engine.calls.waiting", waiting, "{call}", "Calls under way.");
        Meter.CreateObservableGauge("grid.engine.entities.size", bytes, "By", "Memory that entities hold.");
    }

    public void Scored(int rows) => _rows.Record(rows);

    public void Turned(TimeSpan elapsed) => _turn.Record(elapsed.TotalSeconds);

    public void Fetched(TimeSpan elapsed) => _gather.Record(elapsed.TotalSeconds);

    public void Ranked(int candidates, TimeSpan model)
    {
        _rankings.Add(1);
        _candidates.Record(candidates);
        _rankModel.Record(model.TotalSeconds);
    }

    public void TimedOut(int entities) => _timedOut.Add(entities);

    public void ScoredByFallback(int rows) => _fallbackRows.Add(rows);

    public void Activated() => _activations.Add(1);

    public void Evict() => _evictions.Add(1);

    public void JournalFailed() => _failures.Add(1);

    public void Committed(TimeSpan elapsed, int records, int bytes)
    {
        _commit.Record(elapsed.TotalSeconds);
        _commitRecords.Record(records);
        _commitBytes.Record(bytes);
    }
}

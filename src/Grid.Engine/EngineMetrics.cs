using System.Diagnostics.Metrics;

namespace Grid.Engine;

/// <summary>Every measurement of the engine: a dotted name, a unit, a sentence.</summary>
internal sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "Grid.Engine";

    private readonly Meter _meter;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _events;
    private readonly Counter<long> _labels;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _activations;
    private readonly Counter<long> _putAways;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _rankings;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _late;
    private readonly Histogram<double> _gather;
    private readonly Histogram<double> _rankModel;
    private readonly Histogram<int> _candidates;
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _commitRecords;
    private readonly Histogram<int> _commitBytes;
    private readonly Histogram<double> _turn;
    private readonly Histogram<int> _rows;

    public EngineMetrics(IMeterFactory? meters)
    {
        _meter = meters?.Create(MeterName) ?? new(MeterName);
        _decisions = _meter.CreateCounter<long>("grid.engine.decisions", "{decision}", "Decisions made.");
        _events = _meter.CreateCounter<long>("grid.engine.events", "{event}", "Events taken in without a decision.");
        _labels = _meter.CreateCounter<long>("grid.engine.labels", "{label}", "Labels taken in.");
        _duplicates = _meter.CreateCounter<long>("grid.engine.duplicates", "{event}", "Events and requests that had been taken in before.");
        _rejections = _meter.CreateCounter<long>("grid.engine.rejections", "{event}", "Events and requests refused for what they hold.");
        _refusals = _meter.CreateCounter<long>("grid.engine.refusals", "{call}", "Calls refused because the grid was unavailable.");
        _activations = _meter.CreateCounter<long>("grid.engine.activations", "{entity}", "Entities brought into memory from the disk.");
        _putAways = _meter.CreateCounter<long>("grid.engine.put_aways", "{entity}", "Entities put away from memory.");
        _failures = _meter.CreateCounter<long>("grid.engine.journal.failures", "{failure}", "Writes of the journal that failed.");
        _commit = _meter.CreateHistogram<double>("grid.engine.commit.duration", "s", "Time to write and commit one journal batch.");
        _commitRecords = _meter.CreateHistogram<int>("grid.engine.commit.records", "{record}", "Records in one journal batch.");
        _commitBytes = _meter.CreateHistogram<int>("grid.engine.commit.size", "By", "Bytes of one journal batch.");
        _turn = _meter.CreateHistogram<double>("grid.engine.turn.duration", "s", "Time of one run of the model with the turns it served, divided by their number.");
        _rows = _meter.CreateHistogram<int>("grid.engine.batch.rows", "{row}", "Decisions scored in one run of the model.");

        _rankings = _meter.CreateCounter<long>("grid.engine.rankings", "{ranking}", "Rankings made.");
        _missed = _meter.CreateCounter<long>("grid.engine.reads.missed", "{entity}", "Entities that had not answered at a decision's deadline.");
        _late = _meter.CreateCounter<long>("grid.engine.model.late", "{row}", "Rows scored by a decision's smaller model, for something of them had come too late.");
        _gather = _meter.CreateHistogram<double>("grid.engine.rank.gather.duration", "s", "Time from the start of a ranking until everything it reads of others is there.");
        _rankModel = _meter.CreateHistogram<double>("grid.engine.rank.model.duration", "s", "Time of a ranking's run of the model.");
        _candidates = _meter.CreateHistogram<int>("grid.engine.rank.candidates", "{candidate}", "Candidates of one ranking.");

        // Told from the start, as zero: a rate over a counter that appears with its first failure does not see that failure.
        foreach (var counter in new[] { _decisions, _events, _labels, _duplicates, _rejections, _refusals, _activations, _putAways, _failures, _rankings, _missed, _late })
        {
            counter.Add(0);
        }
    }

    /// <summary>Whether somebody listens to the turn's duration: a clock is read only then.</summary>
    public bool TimesTurns => _turn.Enabled;

    /// <summary>Adds the measurements that are read when somebody asks.</summary>
    public void Observe(Func<int> residents, Func<int> waiting, Func<long> bytes)
    {
        _meter.CreateObservableGauge("grid.engine.entities.resident", residents, "{entity}", "Entities in memory.");
        _meter.CreateObservableGauge("grid.engine.calls.waiting", waiting, "{call}", "Calls under way.");
        _meter.CreateObservableGauge("grid.engine.entities.size", bytes, "By", "Memory that entities hold.");
    }

    public void Decided(int rows)
    {
        _decisions.Add(rows);
        _rows.Record(rows);
    }

    public void Turned(TimeSpan elapsed) => _turn.Record(elapsed.TotalSeconds);

    public void Gathered(TimeSpan elapsed) => _gather.Record(elapsed.TotalSeconds);

    public void Ranked(int candidates, TimeSpan model)
    {
        _rankings.Add(1);
        _candidates.Record(candidates);
        _rankModel.Record(model.TotalSeconds);
    }

    public void Missed(int entities) => _missed.Add(entities);

    public void Late(int rows) => _late.Add(rows);

    public void Observed() => _events.Add(1);

    public void Labelled() => _labels.Add(1);

    public void Duplicate() => _duplicates.Add(1);

    public void Rejected() => _rejections.Add(1);

    public void Refused() => _refusals.Add(1);

    public void Activated() => _activations.Add(1);

    public void PutAway() => _putAways.Add(1);

    public void JournalFailed() => _failures.Add(1);

    public void Committed(TimeSpan elapsed, int records, int bytes)
    {
        _commit.Record(elapsed.TotalSeconds);
        _commitRecords.Record(records);
        _commitBytes.Record(bytes);
    }

    public void Dispose() => _meter.Dispose();
}

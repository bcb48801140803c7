using System.Diagnostics.Metrics;

namespace Grid.Postgres;

/// <summary>Every measurement of the log: a dotted name, a unit, a sentence.</summary>
internal sealed class EventLogMetrics : IDisposable
{
    public const string MeterName = "Grid.Postgres";

    private readonly Meter _meter;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _flush;
    private readonly Histogram<int> _rows;
    private readonly Histogram<int> _bytes;

    public EventLogMetrics(IMeterFactory? meters)
    {
        _meter = meters?.Create(MeterName) ?? new(MeterName);
        _fenced = _meter.CreateCounter<long>("grid.log.fenced", "{writer}", "Writers that found their next version written by somebody else.");
        _conflicts = _meter.CreateCounter<long>("grid.log.conflicts", "{flush}", "Flushes undone and written again because of such a version, or of a deadlock.");
        _failures = _meter.CreateCounter<long>("grid.log.failures", "{flush}", "Flushes that failed, with everything in them.");
        _flush = _meter.CreateHistogram<double>("grid.log.flush.duration", "s", "Time to write and commit one flush.");
        _rows = _meter.CreateHistogram<int>("grid.log.flush.rows", "{row}", "Rows in one flush.");
        _bytes = _meter.CreateHistogram<int>("grid.log.flush.size", "By", "Bytes of the rows' bodies in one flush.");
    }

    /// <summary>Adds the measurement that is read when somebody asks.</summary>
    public void Observe(Func<int> waiting) =>
        _meter.CreateObservableGauge("grid.log.rows.waiting", waiting, "{row}", "Rows that no flush has taken yet.");

    public void Fenced() => _fenced.Add(1);

    public void Conflicted() => _conflicts.Add(1);

    public void Failed() => _failures.Add(1);

    public void Flushed(TimeSpan elapsed, int rows, int bytes)
    {
        _flush.Record(elapsed.TotalSeconds);
        _rows.Record(rows);
        _bytes.Record(bytes);
    }

    public void Dispose() => _meter.Dispose();
}

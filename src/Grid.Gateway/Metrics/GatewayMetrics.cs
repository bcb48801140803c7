using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Gateway.Wire;

namespace Grid.Gateway.Metrics;

/// <summary>The instruments of the gateway, each with a dotted name, a unit and a description.</summary>
internal sealed class GatewayMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _events;
    private readonly Counter<long> _problems;

    public GatewayMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create("Grid.Gateway");
        _duration = meter.CreateHistogram<double>("grid.gateway.request.duration", "s", "Time from a request's head to its answer's last byte.");
        _decisions = meter.CreateCounter<long>("grid.gateway.decisions", "{decision}", "Decisions answered, first answers told again included.");
        _events = meter.CreateCounter<long>("grid.gateway.events", "{event}", "Events received, by what became of them.");
        _problems = meter.CreateCounter<long>("grid.gateway.problems", "{problem}", "Requests answered with a problem.");

        var started = time.GetUtcNow().ToUnixTimeMilliseconds() / 1_000.0;
        meter.CreateObservableGauge("process.start.time", () => started, "s", "When the gateway started, since the Unix epoch.");
        meter.CreateObservableGauge("process.resident.memory", () => Environment.WorkingSet, "By", "Memory of the process that is resident.");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process, user and system.");

        // Reported as zero from the start: a rate over a counter that first appears with its first failure misses that failure.
        foreach (var code in Problem.Codes)
        {
            _problems.Add(0, new KeyValuePair<string, object?>("code", code));
        }
    }

    public void Answered(string endpoint, TimeSpan elapsed) => _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("endpoint", endpoint));

    public void Decided(string decision, string action) =>
        _decisions.Add(1, new KeyValuePair<string, object?>("decision", decision), new KeyValuePair<string, object?>("action", action));

    public void Ingested(string type, EventOutcome outcome, long count = 1)
    {
        if (count != 0)
        {
            _events.Add(count, new KeyValuePair<string, object?>("event", type), new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
        }
    }

    public void Failed(string code) => _problems.Add(1, new KeyValuePair<string, object?>("code", code));

    private static string NameOf(EventOutcome outcome) => outcome switch
    {
        EventOutcome.Accepted => "accepted",
        EventOutcome.Duplicate => "duplicate",
        EventOutcome.Rejected => "rejected",
        _ => throw new UnreachableException(),
    };
}

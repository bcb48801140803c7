using System.Diagnostics.Metrics;

namespace Grid.Decisions.Hosting;

/// <summary>The metrics common to all hosts, each with its own meter and prefix.</summary>
internal abstract class HostMetrics : IDisposable
{
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _events;
    private readonly Counter<long> _labels;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _refusals;

    /// <param name="meters">Creates the meter; null if the host was started without a factory.</param>
    /// <param name="meter">The meter's name, such as <c>Grid.Engine</c>.</param>
    /// <param name="prefix">The prefix of instrument names, such as <c>grid.engine</c>.</param>
    protected HostMetrics(IMeterFactory? meters, string meter, string prefix)
    {
        Meter = meters?.Create(meter) ?? new(meter);
        _decisions = CreateCounter($"{prefix}.decisions", "{decision}", "Decisions made.");
        _events = CreateCounter($"{prefix}.events", "{event}", "Events taken in without a decision.");
        _labels = CreateCounter($"{prefix}.labels", "{label}", "Labels taken in.");
        _duplicates = CreateCounter($"{prefix}.duplicates", "{event}", "Events and requests that had been taken in before.");
        _rejections = CreateCounter($"{prefix}.rejections", "{event}", "Events and requests refused for what they hold.");
        _refusals = CreateCounter($"{prefix}.refusals", "{call}", "Calls refused because the grid was unavailable.");
    }

    protected Meter Meter { get; }

    public void Decided(int decisions = 1) => _decisions.Add(decisions);

    public void Ingested() => _events.Add(1);

    public void Labelled() => _labels.Add(1);

    public void Duplicate() => _duplicates.Add(1);

    public void Rejected() => _rejections.Add(1);

    public void Refused() => _refusals.Add(1);

    public void Dispose() => Meter.Dispose();

    /// <summary>
    /// Creates a counter that is reported as zero from the start: a rate over a counter that first appears with its first failure misses
    /// that failure.
    /// </summary>
    protected Counter<long> CreateCounter(string name, string unit, string description)
    {
        var counter = Meter.CreateCounter<long>(name, unit, description);
        counter.Add(0);
        return counter;
    }
}

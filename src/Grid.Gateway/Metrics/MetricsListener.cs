using System.Diagnostics.Metrics;

namespace Grid.Gateway.Metrics;

/// <summary>
/// Collects the measurements of the grid, of the .NET runtime and of the instruments named in the settings, for <c>/metrics</c>. ASP.NET
/// Core's own meters are excluded: they cost more per request than the gateway's and measure the same.
/// </summary>
internal sealed class MetricsListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();
    private readonly IMeterFactory _scope;
    private readonly HashSet<string> _named;
    private volatile Family[] _families = [];

    /// <param name="scope">The meter factory of this host; meters of the grid from another host's factory are excluded.</param>
    /// <param name="named">Names of further instruments from any meter (<see cref="GatewayOptions.Instruments"/>).</param>
    public MetricsListener(IMeterFactory scope, IEnumerable<string>? named = null)
    {
        _scope = scope;
        _named = new(named ?? [], StringComparer.Ordinal);
        _listener.InstrumentPublished = Published;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => Measured(value, tags, family));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => Measured(value, tags, family));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Measured(value, tags, family));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Measured(value, tags, family));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => Measured(value, tags, family));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Measured(value, tags, family));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => Measured((double)value, tags, family));
        _listener.Start();
    }

    /// <summary>Observes the observable instruments and writes everything in the Prometheus text format, version 0.0.4.</summary>
    public string Scrape()
    {
        lock (_scraping)
        {
            foreach (var family in _families)
            {
                if (family.IsObservable)
                {
                    family.Forget();
                }
            }

            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // If a callback fails (for instance because a grid is closing), its instrument is omitted and the others are written.
            }

            return PrometheusText.Write(_families);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Measured(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family) => ((Family)family!).Measured(value, tags);

    private void Published(Instrument instrument, MeterListener listener)
    {
        if (!IsTold(instrument))
        {
            return;
        }

        var family = new Family(instrument);
        lock (_listener)
        {
            _families = [.. _families, family];
        }

        listener.EnableMeasurementEvents(instrument, family);
    }

    private bool IsTold(Instrument instrument)
    {
        // Meters of the grid from another host's factory (another silo in this process) are exported by that host. A library may have a
        // host of its own within ours, as the Orleans client of a gateway does.
        var ours = instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, _scope);
        return _named.Contains(instrument.Name)
            || (ours && (instrument.Meter.Name.StartsWith("Grid", StringComparison.Ordinal) || instrument.Meter.Name == "System.Runtime"));
    }
}

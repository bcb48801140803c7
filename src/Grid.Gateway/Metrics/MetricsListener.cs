using System.Diagnostics.Metrics;

namespace Grid.Gateway.Metrics;

/// <summary>
/// Keeps the newest state of every measurement of the grid and of the .NET runtime, and of the instruments that the settings name, for
/// <c>/metrics</c> to tell. ASP.NET Core's own meters are left off: they cost each request more than the gateway's do and say the same.
/// </summary>
internal sealed class MetricsListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();
    private readonly IMeterFactory _scope;
    private readonly HashSet<string> _named;
    private volatile Family[] _families = [];

    /// <param name="scope">The host's meters; the grid's meters of another host's factory are that host's to tell.</param>
    /// <param name="named">Instruments that are told beside the grid's and the runtime's, whoever made them (<see cref="GatewayOptions.Instruments"/>).</param>
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

    /// <summary>Asks the observable instruments, then writes everything in Prometheus's text format, version 0.0.4.</summary>
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
                // An instrument whose callback fails (a grid that is closing) is left out; the others are told.
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
        // A meter of the grid that another host's factory made (another silo in this process) is that host's to tell. A library may well have a
        // host of its own beside ours, as the Orleans client of a gateway has.
        var ours = instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, _scope);
        return _named.Contains(instrument.Name)
            || (ours && (instrument.Meter.Name.StartsWith("Grid", StringComparison.Ordinal) || instrument.Meter.Name == "System.Runtime"));
    }
}

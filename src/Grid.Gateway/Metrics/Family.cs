using System.Diagnostics.Metrics;

namespace Grid.Gateway.Metrics;

/// <summary>How a measurement changes the exported value.</summary>
internal enum FamilyKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>An instrument and its series, under its Prometheus name.</summary>
internal sealed class Family
{
    /// <summary>
    /// The maximum number of series of an instrument. More are a mistake in its tags; measurements beyond the limit are summed in one
    /// series.
    /// </summary>
    public const int MostSeries = 1_000;

    private static readonly double[] Seconds =
        [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] Bytes = [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216];
    private static readonly double[] Counts = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096, 16_384];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly Lock _growing = new();
    private readonly double[] _bounds;
    private readonly bool _adds;
    private volatile Series[] _series = [];

    public Family(Instrument instrument)
    {
        Kind = KindOf(instrument);
        Name = PrometheusName.Of(instrument.Name, instrument.Unit, Kind);
        Description = instrument.Description ?? "";
        IsObservable = instrument.IsObservable;
        _adds = !IsObservable && IsSum(instrument);
        _bounds = Kind == FamilyKind.Histogram ? BoundsOf(instrument) : [];
    }

    public string Name { get; }

    public string Description { get; }

    public FamilyKind Kind { get; }

    /// <summary>True if the instrument is observed at each scrape; only the series it reports then are exported.</summary>
    public bool IsObservable { get; }

    /// <summary>Upper bounds of the buckets; empty if the instrument is not a histogram.</summary>
    public ReadOnlySpan<double> Bounds => _bounds;

    public ReadOnlySpan<Series> Series => _series;

    public void Measured(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(_series, tags) ?? Grow(tags);
        if (Kind == FamilyKind.Histogram)
        {
            series.Record(value);
        }
        else if (_adds)
        {
            series.Add(value);
        }
        else
        {
            series.Set(value);
        }
    }

    public void Forget() => _series = [];

    private static Series? Find(Series[] all, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in all)
        {
            if (series.Is(tags))
            {
                return series;
            }
        }

        return null;
    }

    private Series Grow(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_growing)
        {
            var wanted = _series.Length < MostSeries ? tags : Overflow;
            if (Find(_series, wanted) is { } there)
            {
                return there;
            }

            var series = new Series(wanted, _bounds);
            _series = [.. _series, series];
            return series;
        }
    }

    private static FamilyKind KindOf(Instrument instrument) => GenericName(instrument) switch
    {
        "Counter`1" or "ObservableCounter`1" => FamilyKind.Counter,
        "Histogram`1" => FamilyKind.Histogram,
        _ => FamilyKind.Gauge,
    };

    private static bool IsSum(Instrument instrument) => GenericName(instrument) is "Counter`1" or "UpDownCounter`1";

    private static string GenericName(Instrument instrument) => instrument.GetType().Name;

    private static double[] BoundsOf(Instrument instrument)
    {
        if (instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } doubles })
        {
            return [.. doubles];
        }

        if (instrument is Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } longs })
        {
            return [.. longs.Select(bound => (double)bound)];
        }

        return instrument.Unit switch
        {
            "s" => Seconds,
            "By" => Bytes,
            _ => Counts,
        };
    }
}

using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Grid.Gateway.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Gateway.Tests;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task What_was_served_is_counted()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time, grid: new ScriptedGrid
        {
            OnDecide = (request, _) =>
            {
                time.Advance(TimeSpan.FromMilliseconds(250));
                return new(ScriptedGrid.DecisionOf(request));
            },
            OnIngest = (_, _) =>
            {
                time.Advance(TimeSpan.FromMilliseconds(125));
                return new(EventReceipt.Accepted);
            },
        });
        for (var i = 0; i < 3; i++)
        {
            await host.PostAsync("/v1/decisions/authorize", DecisionTests.Payment);
        }

        await host.PostAsync("/v1/decisions/authorize", "{");
        await host.PostAsync("/v1/events/transaction", "{}\n{}\nx\n", "application/x-ndjson");

        var lines = (await ScrapeAsync(host)).Split('\n');

        Assert.Contains("grid_gateway_decisions_total{decision=\"authorize\",action=\"review\"} 3", lines);
        Assert.Contains("grid_gateway_events_total{event=\"transaction\",outcome=\"accepted\"} 2", lines);
        Assert.Contains("grid_gateway_events_total{event=\"transaction\",outcome=\"rejected\"} 1", lines);
        Assert.Contains("grid_gateway_problems_total{code=\"invalid_input\"} 1", lines);
        Assert.Contains("grid_gateway_request_duration_seconds_bucket{endpoint=\"decide\",le=\"+Inf\"} 3", lines);
        Assert.Contains("grid_gateway_request_duration_seconds_count{endpoint=\"decide\"} 3", lines);
        Assert.Contains("grid_gateway_request_duration_seconds_sum{endpoint=\"decide\"} 0.75", lines);
        Assert.Contains("grid_gateway_request_duration_seconds_sum{endpoint=\"stream\"} 0.25", lines);
        Assert.Contains(lines, line => line.StartsWith("process_resident_memory_bytes ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("process_cpu_seconds_total ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("dotnet_gc_collections_total{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Problems_are_told_as_zero_before_there_is_one()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid());

        var lines = (await ScrapeAsync(host)).Split('\n');

        Assert.Contains("grid_gateway_problems_total{code=\"unavailable\"} 0", lines);
        Assert.Contains("grid_gateway_problems_total{code=\"deadline_passed\"} 0", lines);
        Assert.Contains("grid_gateway_problems_total{code=\"unauthorized\"} 0", lines);
    }

    [Fact]
    public async Task The_text_keeps_the_rules_of_its_format()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid());
        await host.PostAsync("/v1/decisions/authorize", DecisionTests.Payment);

        var text = await ScrapeAsync(host);

        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var (family, type) = ("", "");
        var told = new HashSet<string>();
        var series = new HashSet<string>();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(told.Add(family), $"{family} is told twice.");
                Assert.True(line.Split(' ', 4)[3].Length > 0, $"{family} has no description.");
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal(family, line.Split(' ')[2]);
                type = line.Split(' ')[3];
                Assert.Equal(type == "counter", family.EndsWith("_total", StringComparison.Ordinal));
            }
            else
            {
                var sample = SampleLine().Match(line);
                Assert.True(sample.Success, line);
                var name = sample.Groups["name"].Value;
                Assert.True(name == family || (type == "histogram" && name[family.Length..] is "_bucket" or "_sum" or "_count"), $"{name} is not of {family}.");
                Assert.True(series.Add(name + sample.Groups["labels"].Value), $"{line} is there twice.");
            }
        }
    }

    [Fact]
    public void Buckets_are_sums_of_those_below_them_and_end_with_all()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        using var listener = new MetricsListener(factory);
        var histogram = factory.Create("Grid.Test").CreateHistogram(
            "grid.test.size", "By", "Sizes.", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [10, 100] });
        foreach (var size in new long[] { 1, 10, 11, 100, 101, 5_000 })
        {
            histogram.Record(size);
        }

        var lines = listener.Scrape().Split('\n').Where(line => line.StartsWith("grid_test", StringComparison.Ordinal));

        Assert.Equal(
        [
            "grid_test_size_bytes_bucket{le=\"10\"} 2", "grid_test_size_bytes_bucket{le=\"100\"} 4", "grid_test_size_bytes_bucket{le=\"+Inf\"} 6",
            "grid_test_size_bytes_sum 5223", "grid_test_size_bytes_count 6",
        ], lines);
    }

    [Fact]
    public void An_observable_instrument_tells_what_it_observes_now_and_nothing_older()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        using var listener = new MetricsListener(factory);
        var shard = 1;
        factory.Create("Grid.Test").CreateObservableUpDownCounter(
            "grid.test.waiting", () => new Measurement<long>(shard * 10, new KeyValuePair<string, object?>("shard", shard)), "{call}", "Calls.");

        var first = listener.Scrape();
        shard = 2;
        var second = listener.Scrape();

        Assert.Contains("grid_test_waiting{shard=\"1\"} 10\n", first, StringComparison.Ordinal);
        Assert.DoesNotContain("shard=\"1\"", second, StringComparison.Ordinal);
        Assert.Contains("grid_test_waiting{shard=\"2\"} 20\n", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_count_at_once()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        using var listener = new MetricsListener(factory);
        var counter = factory.Create("Grid.Test").CreateCounter<long>("grid.test.events", "{event}", "Events.");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("kind", i % 50));
            }
        })));

        var total = listener.Scrape().Split('\n').Where(line => line.StartsWith("grid_test_events_total{", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(50, total.Length);
        Assert.Equal(80_000, total.Sum());
    }

    [Fact]
    public void Tags_without_end_do_not_take_memory_without_end()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        using var listener = new MetricsListener(factory);
        var counter = factory.Create("Grid.Test").CreateCounter<long>("grid.test.keys", "{key}", "Keys.");
        for (var i = 0; i < Family.MostSeries + 500; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("key", i));
        }

        var lines = listener.Scrape().Split('\n').Where(line => line.StartsWith("grid_test_keys_total{", StringComparison.Ordinal)).ToArray();

        Assert.Equal(Family.MostSeries + 1, lines.Length);
        Assert.Contains("grid_test_keys_total{overflow=\"true\"} 500", lines);
    }

    [Fact]
    public async Task Of_a_library_only_the_instruments_that_the_settings_name_are_told()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid(), options => options.Instruments = ["library-grains", "library-connections"]);
        var library = host.Parts.GetRequiredService<IMeterFactory>().Create("Some.Library");
        library.CreateObservableGauge("library-grains", () => 7);
        library.CreateCounter<long>("library-messages").Add(1);
        using var beside = new ServiceCollection().AddMetrics().BuildServiceProvider();
        beside.GetRequiredService<IMeterFactory>().Create("Some.Library").CreateObservableGauge("library-connections", () => 3);

        var text = await ScrapeAsync(host);

        Assert.Contains("library_grains 7\n", text, StringComparison.Ordinal);
        Assert.Contains("library_connections 3\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("library_messages", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grid.engine.flush.duration", "s", FamilyKind.Histogram, "grid_engine_flush_duration_seconds")]
    [InlineData("grid.events", "{event}", FamilyKind.Counter, "grid_events_total")]
    [InlineData("grid.cpu.seconds", "s", FamilyKind.Counter, "grid_cpu_seconds_total")]
    [InlineData("grid.fill", "1", FamilyKind.Gauge, "grid_fill_ratio")]
    [InlineData("grid.size", "By", FamilyKind.Gauge, "grid_size_bytes")]
    [InlineData("9lives-x", null, FamilyKind.Gauge, "_9lives_x")]
    internal void A_name_says_its_unit_and_its_kind(string name, string? unit, FamilyKind kind, string expected) =>
        Assert.Equal(expected, PrometheusName.Of(name, unit, kind));

    private static async Task<string> ScrapeAsync(GatewayHost host)
    {
        using var answer = await host.Client.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\.)*",?)+\})? (NaN|[+-]Inf|-?[0-9.]+(E[+-]?[0-9]+)?)$""")]
    private static partial Regex SampleLine();
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grid.Engine.Tests;

public sealed class ServicesTests
{
    [Fact]
    public async Task The_engine_is_one_registration_and_takes_its_settings_from_its_section()
    {
        using var folder = new TestFolder();
        await using var services = Services(("Grid:Engine:Folder", folder.Path), ("Grid:Engine:Durability", "received"));

        var grid = services.GetRequiredService<IGrid>();

        Assert.Same(grid, services.GetRequiredService<EmbeddedGrid>());
        Assert.Equal("a", (await grid.DecideAsync("authorize", Fraud.Payment("a", "c1", "m1", 0), default)).EventId);
        Assert.True(File.Exists(folder.Database));
        Assert.Equal(Durability.Received, services.GetRequiredService<IOptions<EngineOptions>>().Value.Durability);
    }

    [Fact]
    public async Task A_setting_out_of_range_is_named()
    {
        await using var services = Services(("Grid:Engine:Shards", "0"));

        var fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<EngineOptions>>().Value);

        Assert.Contains("Shards", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happens_is_measured()
    {
        using var folder = new TestFolder();
        var sums = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == EngineMetrics.MeterName)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.Start();
        var before = Snapshot();

        await using var grid = Fraud.Open(folder, time: new CountingTime());
        await grid.DecideAsync("authorize", Fraud.Payment("a", "c1", "m1", 0), default);
        await grid.DecideAsync("authorize", Fraud.Payment("a", "c1", "m1", 0), default);
        await grid.IngestAsync(Fraud.Payment("b", "c1", "m1", 0, -1), default);

        // Tests that run beside this one are measured too, so the sums are at least these.
        foreach (var name in new[] { "decisions", "duplicates", "rejections", "commit.records", "commit.duration", "turn.duration" })
        {
            Assert.True(Snapshot().GetValueOrDefault($"grid.engine.{name}") > before.GetValueOrDefault($"grid.engine.{name}"), name);
        }

        void Add(string name, double value)
        {
            lock (sums)
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }

        Dictionary<string, double> Snapshot()
        {
            lock (sums)
            {
                return new(sums);
            }
        }
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddSingleton(Fraud.Bundle)
            .AddGridEngine()
            .BuildServiceProvider();
    }
}

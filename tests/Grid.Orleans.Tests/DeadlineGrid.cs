using System.Diagnostics.Metrics;
using Grid.Decisions.Definitions;
using Grid.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Orleans.Tests;

/// <summary>A cluster whose decisions read three other entities, with a clock that stands still and entities that can be frozen.</summary>
public sealed class DeadlineGrid(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Text = """
        bundle: city
        version: 1.0.0
        events:
          visit:
            id: visit_id
            time: at
            fields: { visit_id: string, at: timestamp, user: string, restaurant: string, courier: string, area: string }
            keys: { user: user, restaurant: restaurant, courier: courier, area: area }
          rating:
            labels: visit
            time: at
            fields: { visit_id: string, at: timestamp, good: { type: boolean, default: true } }
        entities:
          user:
            visits_1h: { count: visit, window: 1h }
            visits_1d: { count: visit, window: 1d }
          restaurant:
            visits_1h: { count: visit, window: 1h }
            visits_1d: { count: visit, window: 1d }
          courier:
            visits_1h: { count: visit, window: 1h }
          area:
            visits_1h: { count: visit, window: 1h }
        models:
          score: { file: models/logistic.onnx, input: x, score: p }
          small: { file: models/logistic_small.onnx, input: x, score: p }
        decisions:
          enter:
            on: visit
            owner: user
            features: [ user.visits_1h, user.visits_1d, restaurant.visits_1h ]
            reads: { restaurant.visits_1d: { default: 7 } }
            deadline: 150ms
            model: score
            fallback_model: { model: small, features: [ user.visits_1h, user.visits_1d ] }
            policy:
              - guess: "restaurant.visits_1d = 7 and courier.visits_1h = 2 and area.visits_1h = 2"
                reason: default_and_owners
              - wait: "restaurant.visits_1d = 7"
                reason: unknown
              - enter: "true"
            fallback: { enter: model_unavailable }
          look:
            on: visit
            owner: user
            features: [ user.visits_1h, user.visits_1d, restaurant.visits_1h ]
            model: score
            policy:
              - stay: "restaurant.visits_1h = 1 and courier.visits_1h = 1 and area.visits_1h = 1"
              - look: "true"
            fallback: { look: model_unavailable }

        """;

    private readonly BundleFolder _bundle = new BundleFolder(Text).AddModel("logistic").AddModel("logistic_small");
    private TestGrid? _test;

    public OrleansGrid Grid => Test.Grid;

    internal TestGrid Test => _test!;

    internal FakeTimeProvider Clock { get; } = TestClock.New();

    internal Holds Holds { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var database = await postgres.MakeDatabaseAsync();
        _test = await TestGrid.StartAsync(
            options => (options.Storage, options.ConnectionString) = (StorageKind.Log, database),
            BundleReader.Read(_bundle.Path),
            time: Clock,
            more: Holds.Decorate);
        await Task.WhenAll(_test.OfEachSilo<SiloCore>().Select(silo => silo.Schemas.PutCurrentAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_test is not null)
        {
            await _test.DisposeAsync();
        }

        _bundle.Dispose();
    }

    /// <summary>Counts reads that an owner in another silo has answered.</summary>
    internal CounterSignal ForeignReads() => new("grid.cluster.fetches", Test.OfEachSilo<IMeterFactory>());

    /// <summary>How many of some entities live in other silos than one does. All must be in memory.</summary>
    internal int ElsewhereThan(EntityId entity, params EntityId[] others)
    {
        var silo = Test.OfEachSilo<SiloCore>().Single(core => core.Local.ContainsKey(entity));
        return others.Count(other => !silo.Local.ContainsKey(other));
    }
}

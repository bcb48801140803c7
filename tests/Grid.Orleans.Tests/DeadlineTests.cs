using System.Diagnostics;

using Grid.Decisions;
using Grid.Testing;

using Npgsql;

namespace Grid.Orleans.Tests;

/// <summary>A decision with a deadline does not wait for an entity that cannot answer, and says what took its place.</summary>
public sealed class DeadlineTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Text = """
        bundle: city
        version: 1.0.0
        events:
          visit:
            id: visit_id
            time: at
            fields: { visit_id: string, at: timestamp, user: string, restaurant: string }
            tells: { user: user, restaurant: restaurant }
        entities:
          user:
            visits_1h: { count: visit, window: 1h }
            visits_1d: { count: visit, window: 1d }
          restaurant:
            visits_1h: { count: visit, window: 1h }
            visits_1d: { count: visit, window: 1d }
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
            late_model: { model: small, features: [ user.visits_1h, user.visits_1d ] }
            policy:
              - wait: "restaurant.visits_1d = 7"
                reason: unknown
              - enter: "true"
            fallback: { enter: model_unavailable }

        """;

    private static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);

    [Fact]
    public async Task What_is_late_is_named_the_smaller_model_scores_and_the_answer_comes_long_before_the_entity_could()
    {
        var database = await postgres.MakeDatabaseAsync();
        using var bundle = new BundleFolder(Text).AddModel("logistic").AddModel("logistic_small");
        await using var test = await TestGrid.StartAsync(options => (options.Storage, options.ConnectionString) = (StorageKind.Log, database), BundleReader.Read(bundle.Path));
        await Task.WhenAll(test.OfEachSilo<SiloCore>().Select(silo => silo.Schemas.PutCurrentAsync())); // Or the first to need it would wait, and what joins that wait would miss sooner.
        await VisitsAsync(test, "known"); // In memory from here on, however long the first reading takes.
        var (inTime, before) = await InTimeAsync(test, "v1", "known");
        Assert.Equal("enter", inTime.Action);
        Assert.StartsWith("score@", inTime.Model, StringComparison.Ordinal);

        Decision late;
        var quickest = TimeSpan.MaxValue;
        await using (var connection = new NpgsqlConnection(database))
        {
            // Nothing that is not in memory can be read while this table is locked; what is there can be written.
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var locking = new NpgsqlCommand("lock table grid_log.names in access exclusive mode", connection);
            await locking.ExecuteNonQueryAsync();
            late = await test.Grid.DecideAsync("enter", Visit("v2", "unknown"), default);
            for (var i = 0; i < 4; i++)
            {
                var started = Stopwatch.GetTimestamp();
                await test.Grid.DecideAsync("enter", Visit($"w{i}", $"unknown-{i}"), default);
                var took = Stopwatch.GetElapsedTime(started);
                quickest = took < quickest ? took : quickest;
            }

            await transaction.RollbackAsync();
        }

        await VisitsAsync(test, "unknown");
        var (afterwards, more) = await InTimeAsync(test, "v3", "unknown");
        var repeated = await Retry.Async(() => test.Grid.DecideAsync("enter", Visit("v2", "unknown"), default));
        var found = await Retry.Async(() => test.Grid.FindDecisionAsync(late.Id, default));

        Assert.InRange(quickest, TimeSpan.FromMilliseconds(140), TimeSpan.FromMilliseconds(450)); // A read waits for the lock for half a second: without a deadline none is quicker.
        Assert.Equal(["restaurant.visits_1h", "restaurant.visits_1d"], late.Missed);
        Assert.Equal(("wait", "unknown"), (late.Action, Assert.Single(late.Reasons)));
        Assert.Equal(FeatureRung.Missing, late.Features[2].Rung);
        Assert.StartsWith("small@", late.Model, StringComparison.Ordinal);
        Assert.Equal((before + 1, before + 1), (late.Features[0].Value, late.Features[1].Value));
        Assert.Equal("enter", afterwards.Action);
        Assert.All([repeated, found!], one => Assert.Equal((late.Model, late.Score, late.Action, late.Id), (one.Model, one.Score, one.Action, one.Id)));
        for (var i = 0; i < 100 && (await VisitsAsync(test, "unknown")) < 1 + more; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        Assert.Equal(1 + more, await VisitsAsync(test, "unknown")); // It heard of the visit later.
    }

    /// <summary>A decision of which nothing is late, and how many were asked for until then: a busy machine may hold up anybody for as long as the deadline.</summary>
    private static async Task<(Decision Decision, int Asked)> InTimeAsync(TestGrid test, string id, string restaurant)
    {
        for (var asked = 1; ; asked++)
        {
            var visit = Visit($"{id}-{asked}", restaurant);
            var decision = await Retry.Async(() => test.Grid.DecideAsync("enter", visit, default));
            if (decision.Missed.Count == 0 || asked == 50)
            {
                Assert.Empty(decision.Missed);
                return (decision, asked);
            }
        }
    }

    private static async Task<double> VisitsAsync(TestGrid test, string restaurant) =>
        (await Retry.Async(() => test.Grid.ReadFeaturesAsync(new("restaurant", restaurant), Noon, default)))["visits_1h"].Value;

    private static Event Visit(string id, string restaurant) => new("visit")
    {
        ["visit_id"] = id,
        ["at"] = Noon,
        ["user"] = "u",
        ["restaurant"] = restaurant,
    };
}

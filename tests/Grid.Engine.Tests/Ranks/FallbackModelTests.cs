using System.Globalization;
using Grid.Decisions.Definitions;
using Grid.Models;

namespace Grid.Engine.Tests.Ranks;

public sealed class FallbackModelTests
{
    [Fact]
    public async Task Candidates_of_which_something_is_late_are_scored_by_the_smaller_model_and_all_others_by_the_decisions_own()
    {
        using var city = new City(rank: [City.Deadline, City.FallbackRank]);
        await using var grid = city.Open(options => (options.Durability, options.Shards) = (Durability.Received, 4));
        var frozen = City.KeyElsewhere(grid, "restaurant", "f", new("user", "u"), new("area", "a"));
        var shard = grid.Core.ShardOf(grid.Core.KindsByName["restaurant"].Ordinal, frozen);
        for (var i = 0; i < 40; i++)
        {
            await grid.IngestAsync(City.Order($"o{i}", $"r{i}", "a", i), default);
        }

        Ranking ranking;
        using (var owner = new FrozenOwner(grid, new("restaurant", frozen)))
        {
            var candidates = Enumerable.Range(0, 40).Select(i => City.Candidate($"r{i}", cuisine: $"c{i % 3}", km: i % 10));
            ranking = await owner.PassDeadlineAsync(
                () => grid.RankAsync("rank", City.Search("s", 1_000), [.. candidates], default), city.Time, City.DeadlineSpan);
        }

        var late = ranking.Items.Where(item => grid.Core.ShardOf(grid.Core.KindsByName["restaurant"].Ordinal, item.Key) == shard).ToList();
        Assert.InRange(late.Count, 2, 38);
        Assert.StartsWith("score@", ranking.Model, StringComparison.Ordinal);
        Assert.StartsWith("small@", ranking.FallbackModel, StringComparison.Ordinal);
        Assert.Equal(late.Select(item => item.Key).Order(), ranking.Items.Where(item => item.ByFallbackModel).Select(item => item.Key).Order());
        foreach (var item in ranking.Items)
        {
            var x = item.Features;
            Assert.Equal(item.ByFallbackModel ? FeatureSource.Missing : FeatureSource.Owner, x[2].Source);
            Assert.False(item.Fallback);
            if (item.ByFallbackModel)
            {
                Assert.Equal(Plainly([(float)x[1].Value, (float)x[0].Value]), item.Score);
            }
            else
            {
                Assert.Equal(City.Model(x), item.Score, 1e-5);
            }
        }

        var placed = ranking.Items.Where(item => item.Place is not null).Take(2).ToList();
        Assert.True(placed[0].Score >= placed[1].Score); // Both models' scores are put into one order.
        Assert.Equal(City.Portrait(ranking), City.Portrait((await grid.FindRankingAsync(ranking.Id, default))!));
    }

    [Fact]
    public async Task A_decision_with_something_late_names_the_smaller_model_and_is_found_and_repeated_so_after_a_restart()
    {
        using var city = new City(enter: [City.Deadline, City.FallbackEnter]);
        Decision decision;
        string decidedOn;
        await using (var grid = city.Open(options => options.Durability = Durability.Committed))
        {
            var frozen = decidedOn = City.KeyElsewhere(grid, "restaurant", "r", new EntityId("user", "u"));
            await grid.DecideAsync("enter", City.Visit("warm", "else", 0), default);
            await grid.IngestAsync(City.Search("s", 500), default);
            using (var owner = new FrozenOwner(grid, new("restaurant", frozen)))
            {
                decision = await owner.PassDeadlineAsync(
                    () => grid.DecideAsync("enter", City.Visit("v", frozen, 1_000), default), city.Time, City.DeadlineSpan);
            }

            var inTime = await grid.DecideAsync("enter", City.Visit("w", frozen, 1_000), default);
            Assert.StartsWith("score@", inTime.Model, StringComparison.Ordinal);
            Assert.Equal(decision.Features.Take(2).Select(feature => feature.Name), inTime.Features.Take(2).Select(feature => feature.Name));
        }

        Assert.StartsWith("small@", decision.Model, StringComparison.Ordinal);
        Assert.Equal(["restaurant.orders_1h"], decision.TimedOut);
        Assert.Equal(FeatureSource.Missing, decision.Features[2].Source);
        Assert.Equal(Plainly([(float)decision.Features[1].Value, (float)decision.Features[0].Value]), decision.Score);

        await using var again = city.Open();
        var found = await again.FindDecisionAsync(decision.Id, default);
        var repeated = await again.DecideAsync("enter", City.Visit("v", decidedOn, 1_000), default);
        Assert.All([found!, repeated], one => Assert.Equal((decision.Model, decision.Score, decision.Action), (one.Model, one.Score, one.Action)));
        Assert.True(repeated.Duplicate);
    }

    [Theory]
    [InlineData("missing", false, false)]
    [InlineData("default", false, true)]
    [InlineData("stale_replica", true, true)]
    public async Task The_rung_from_which_on_the_smaller_model_scores_is_declared(string from, bool staleIsScored, bool defaultIsScored)
    {
        var late = City.FallbackRank.Replace(" }", $", from: {from} }}", StringComparison.Ordinal);
        using var city = new City(rank: [City.Deadline, "reads: { area: { max_age: 1h }, restaurant.orders_1h: { default: 3 } }", late]);
        await using var grid = city.Open(options => options.Durability = Durability.Received);
        var (known, unknown) = (City.KeyElsewhere(grid, "restaurant", "k", new("user", "u"), new("area", "a")), "");
        var shard = grid.Core.ShardOf(grid.Core.KindsByName["restaurant"].Ordinal, known);
        unknown = Enumerable.Range(0, 10_000).Select(i => $"n{i}").First(key => grid.Core.ShardOf(grid.Core.KindsByName["restaurant"].Ordinal, key) == shard);
        await grid.RankAsync("rank", City.Search("warm", 0), [City.Candidate(known)], default);

        Ranking ranking;
        using (var owner = new FrozenOwner(grid, new("restaurant", known)))
        {
            ranking = await owner.PassDeadlineAsync(
                () => grid.RankAsync("rank", City.Search("s", 1_000), [City.Candidate(known), City.Candidate(unknown, km: 2)], default),
                city.Time,
                City.DeadlineSpan);
        }

        var (older, timedOut) = (ranking.Items.Single(item => item.Key == known), ranking.Items.Single(item => item.Key == unknown));
        Assert.Equal((FeatureSource.StaleReplica, FeatureSource.Default), (older.Features[2].Source, timedOut.Features[2].Source));
        Assert.Equal((staleIsScored, defaultIsScored), (older.ByFallbackModel, timedOut.ByFallbackModel));
        Assert.Equal(staleIsScored || defaultIsScored, ranking.FallbackModel is not null);
    }

    [Fact]
    public async Task Where_all_come_in_time_there_is_no_word_of_the_smaller_model()
    {
        using var city = new City(rank: ["deadline: 10s", City.FallbackRank]);
        await using var grid = city.Open(options => options.Durability = Durability.Received);

        var ranking = await grid.RankAsync("rank", City.Search("s", 0), [City.Candidate("r0"), City.Candidate("r1")], default);

        Assert.Null(ranking.FallbackModel);
        Assert.DoesNotContain("late", City.Portrait(ranking), StringComparison.Ordinal);
        Assert.All(ranking.Items, item => Assert.Equal(City.Model(item.Features), item.Score, 1e-5));
    }

    [Fact]
    public async Task In_the_bundle_eats_a_restaurant_that_does_not_answer_is_scored_by_the_small_model_that_ships()
    {
        using var folder = new TestFolder();
        var time = new SteppedTime();
        await using var grid = EmbeddedGrid.Open(
            BundleReader.Read(Repository.Bundle("eats")), folder.Options(options => options.Durability = Durability.Received), time);
        var frozen = City.KeyElsewhere(grid, "restaurant", "f", new("user", "u"), new("courier_area", "a1"), new("restaurant", "else"));
        var files = new[] { "rank", "rank_fallback" }.ToDictionary(name => name, name => Path.Combine(Repository.Bundle("eats"), "models", $"{name}.onnx"));
        Event Candidate(string restaurant) => new("candidate") { ["restaurant"] = restaurant, ["courier_area"] = "a1", ["cuisine"] = "thai", ["distance_km"] = 1.5m };
        Event Search(string id) => new("search") { ["search_id"] = id, ["at"] = City.At(0), ["user"] = "u", ["searched"] = "thai", ["basket"] = 30m };
        await grid.RankAsync("rank", Search("warm"), [Candidate("else")], default);

        Ranking ranking;
        using (var owner = new FrozenOwner(grid, new("restaurant", frozen)))
        {
            var deadline = grid.Core.DecisionsByName["rank"].Plan.Freshness!.Deadline!.Value;
            ranking = await owner.PassDeadlineAsync(
                () => grid.RankAsync("rank", Search("s"), [Candidate(frozen), Candidate("else")], default), time, deadline);
        }

        var late = ranking.Items.Single(item => item.Key == frozen);
        var inTime = ranking.Items.Single(item => item.Key == "else");
        var taken = grid.Core.DecisionsByName["rank"].Plan.FallbackModel!.Elements;
        Assert.StartsWith("rank_fallback@", ranking.FallbackModel, StringComparison.Ordinal);
        Assert.Equal((true, false), (late.ByFallbackModel, inTime.ByFallbackModel));
        Assert.Equal(Plainly(files["rank_fallback"], [.. taken.Select(element => (float)late.Features[element].Value)]), late.Score);
        Assert.Equal(Plainly(files["rank"], [.. inTime.Features.Select(feature => (float)feature.Value)]), inTime.Score);
        Assert.All(taken, element => Assert.Equal(FeatureSource.Owner, late.Features[element].Source));
        Assert.Equal(FeatureSource.Default, late.Features.Single(feature => feature.Name == "restaurant.kitchen_s_p90_7d").Source);
        Assert.Equal(FeatureSource.Missing, late.Features.Single(feature => feature.Name == "restaurant.rating_mean").Source);
    }

    private static double Plainly(float[] row) => Plainly(Repository.Model("logistic_small"), row);

    /// <summary>What ONNX Runtime makes of a row of a model, with nothing around it, as the shortest decimal.</summary>
    private static double Plainly(string file, float[] row)
    {
        using var catalog = new ModelCatalog();
        using var scorer = catalog.Publish(new("plain", file, "x", "p", row.Length)).CreateScorer(1);
        row.CopyTo(scorer.Row(0));
        Assert.Equal(ScoreStatus.Scored, scorer.Run(1));
        return double.Parse(scorer.Scores[0].ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}

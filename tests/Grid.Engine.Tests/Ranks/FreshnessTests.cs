namespace Grid.Engine.Tests.Ranks;

public sealed class FreshnessTests
{
    [Fact]
    public async Task A_copy_serves_while_it_is_young_enough_and_says_that_it_is_one()
    {
        using var city = new City(rank: [City.MaxAge]);
        await using var grid = city.Open();
        await grid.IngestAsync(City.Order("o1", "r", "a", 0), default);

        var first = await RankAsync(grid, "s1", 10_000);
        await grid.IngestAsync(City.Order("o2", "r", "a", 10_500), default);
        var soon = await RankAsync(grid, "s2", 12_000);
        var mixed = await RankAsync(grid, "s3", 14_000);
        var later = await RankAsync(grid, "s4", 15_001);

        Assert.Equal((0.5, FeatureSource.Owner, 0), Share(first));
        Assert.Equal((0.5, FeatureSource.Replica, 2_000), Share(soon));
        Assert.Equal((1 / 3.0, FeatureSource.Replica, 4_000), Share(mixed)); // The area's copy is too old by then, the restaurant's is not.
        Assert.Equal((2 / 3.0, FeatureSource.Replica, 1_001), Share(later)); // And now it is the other way round.
        Assert.All([first, soon, mixed, later], ranking => Assert.Empty(ranking.TimedOut));
    }

    [Fact]
    public async Task A_decision_on_an_earlier_moment_sees_no_copy_of_a_later_one()
    {
        using var city = new City(rank: [City.MaxAge]);
        await using var grid = city.Open();
        await grid.IngestAsync(City.Order("o1", "r", "a", 5_000), default);

        await RankAsync(grid, "s1", 6_000);
        var earlier = await RankAsync(grid, "s2", 4_000);

        Assert.Equal((0, FeatureSource.Owner, 0), Share(earlier));
    }

    [Fact]
    public async Task An_owner_that_is_frozen_does_not_hold_a_ranking_up_and_is_named()
    {
        using var city = new City(rank: [City.Deadline, "reads: { restaurant.orders_1h: { default: 7 } }"]);
        await using var grid = city.Open(options => options.Durability = Durability.Received);
        await RankAsync(grid, "warm", 0, "else");
        var frozen = City.KeyElsewhere(grid, "restaurant", "r", new("user", "u"), new("area", "a"), new("restaurant", "else"));

        Ranking ranking;
        using (var owner = new FrozenOwner(grid, new("restaurant", frozen)))
        {
            ranking = await owner.PassDeadlineAsync(
                () => grid.RankAsync("rank", City.Search("s", 1_000), [City.Candidate(frozen), City.Candidate("else")], default),
                city.Time,
                City.DeadlineSpan);
        }

        Assert.Equal([new EntityId("restaurant", frozen)], ranking.TimedOut);
        var item = ranking.Items.Single(one => one.Key == frozen);
        Assert.Equal(["restaurant.orders_1h", "restaurant.visits_1h"], item.TimedOut.Order());
        Assert.Equal((7, FeatureSource.Default), (item.Features[2].Value, item.Features[2].Source));
        Assert.Equal(FeatureSource.Owner, ranking.Items.Single(one => one.Key == "else").Features[2].Source);
        Assert.Equal(City.Portrait(ranking), City.Portrait((await grid.FindRankingAsync(ranking.Id, default))!));
    }

    [Fact]
    public async Task What_missed_the_deadline_falls_to_an_older_copy_and_its_owner_refreshes_it_once_it_can()
    {
        using var city = new City(rank: [City.Deadline, City.MaxAge]);
        await using var grid = city.Open(options => options.Durability = Durability.Received);
        var frozen = City.KeyElsewhere(grid, "restaurant", "r", new("user", "u"), new("area", "a"));
        await grid.IngestAsync(City.Order("o1", frozen, "a", 0), default);
        await RankAsync(grid, "s1", 1_000, frozen);
        await grid.IngestAsync(City.Order("o2", frozen, "elsewhere", 1_500), default);

        Ranking during;
        using (var owner = new FrozenOwner(grid, new("restaurant", frozen)))
        {
            during = await owner.PassDeadlineAsync(() => RankAsync(grid, "s2", 60_000, frozen), city.Time, City.DeadlineSpan);
        }

        // The message that waited in the shard's queue has run before this one does.
        await ShardTask.RunAsync(grid.Core.ShardOf(grid.Core.KindsByName["restaurant"].Ordinal, frozen), _ => false);
        var after = await RankAsync(grid, "s3", 62_000, frozen);

        Assert.Equal((0.5, FeatureSource.StaleReplica, 59_000), Share(during));
        Assert.Equal([new EntityId("restaurant", frozen)], during.TimedOut);
        Assert.Equal((1, FeatureSource.Replica, 2_000), Share(after));
    }

    [Fact]
    public async Task A_decision_on_one_request_keeps_its_deadline_too_and_its_record_keeps_the_rungs()
    {
        using var city = new City(enter: [City.Deadline]);
        await using var grid = city.Open(options => options.Durability = Durability.Received);
        var frozen = City.KeyElsewhere(grid, "restaurant", "r", new EntityId("user", "u"));
        await grid.DecideAsync("enter", City.Visit("warm", "else", 0), default);

        Decision decision;
        using (var owner = new FrozenOwner(grid, new("restaurant", frozen)))
        {
            decision = await owner.PassDeadlineAsync(
                () => grid.DecideAsync("enter", City.Visit("v", frozen, 1_000), default), city.Time, City.DeadlineSpan);
        }

        var found = await grid.FindDecisionAsync(decision.Id, default);

        Assert.Equal(1, (await grid.ReadFeaturesAsync(new("restaurant", frozen), City.At(1_000), default))["visits_1h"].Value); // Told once it could be.
        Assert.Equal(["restaurant.orders_1h"], decision.TimedOut);
        Assert.Equal((true, FeatureSource.Missing), (decision.Features[2].IsMissing, decision.Features[2].Source));
        Assert.Equal(FeatureSource.Owner, decision.Features[0].Source);
        Assert.Equal(decision.Features, found!.Features);
        Assert.Equal(decision.TimedOut, found.TimedOut);
    }

    [Fact]
    public void Copies_are_bounded_and_never_those_of_another_entity_or_of_an_earlier_moment_than_the_last_kept()
    {
        using var city = new City();
        var read = city.Bundle.Decisions[0].Foreign;
        var copies = new FeatureReplicas(16);
        var kept = new Dictionary<(int, string), long>();
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var (which, key) = (random.Next(read.Count), $"k{random.Next(40)}");
            if (random.Next(2) == 0)
            {
                var at = random.Next(1_000_000);
                copies.Keep(new(read[which], key, at, []));
                kept[(which, key)] = Math.Max(at, kept.GetValueOrDefault((which, key)));
            }
            else if (copies.Find(read[which], key) is { } found)
            {
                Assert.Equal((read[which], key), (found.Read, found.Key));
                Assert.InRange(found.At, 0, kept[(which, key)]);
            }
        }

        var there = Enumerable.Range(0, 40).SelectMany(key => read.Select(one => copies.Find(one, $"k{key}"))).Count(copy => copy is not null);
        Assert.InRange(there, 1, 16);
    }

    private static ValueTask<Ranking> RankAsync(EmbeddedGrid grid, string id, long at, string restaurant = "r") =>
        grid.RankAsync("rank", City.Search(id, at), [City.Candidate(restaurant)], default);

    private static (double, FeatureSource, int) Share(Ranking ranking) =>
        (ranking.Items[0].Features[2].Value, ranking.Items[0].Features[2].Source, ranking.Items[0].Features[2].StalenessMilliseconds);
}

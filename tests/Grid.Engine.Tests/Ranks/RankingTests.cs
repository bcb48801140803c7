namespace Grid.Engine.Tests.Ranks;

public sealed class RankingTests : IDisposable
{
    private readonly City _city = new();

    public void Dispose() => _city.Dispose();

    [Fact]
    public async Task Every_candidate_is_scored_decided_on_and_placed_as_the_plain_ranking_does_it()
    {
        await using var grid = _city.Open();
        var random = new Random(4);
        for (var i = 0; i < 400; i++)
        {
            await grid.IngestAsync(City.Order($"o{i}", $"r{random.Next(30)}", $"a{random.Next(3)}", random.Next(7_200_000)), default);
        }

        await grid.IngestAsync(City.Visit("v", "r3", 7_000_000), default);
        for (var call = 0; call < 20; call++)
        {
            var at = 7_200_000 + call;
            var candidates = Enumerable.Range(0, 30).OrderBy(_ => random.Next()).Take(random.Next(1, 30))
                .Select(r => City.Candidate($"r{r}", $"a{r % 3}", r % 5 == 0 ? null : $"c{r % 4}", random.Next(0, 11))).ToList();

            var ranking = await grid.RankAsync("rank", City.Search($"s{call}", at), candidates, default);

            Assert.Equal(candidates.Count, ranking.Items.Count);
            foreach (var item in ranking.Items)
            {
                var sent = candidates.Single(one => one["restaurant"].Text == item.Key);
                var restaurant = await grid.ReadFeaturesAsync(new("restaurant", item.Key), City.At(at), default);
                var area = await grid.ReadFeaturesAsync(new("area", sent["area"].Text!), City.At(at), default);
                var km = (double)sent["distance_km"].Exact;
                Assert.Equal([call + 1, km, restaurant["orders_1h"].Value / (1 + area["orders_1h"].Value)], item.Features.Select(feature => feature.Value));
                Assert.Equal(City.Model(item.Features), item.Score, 1e-5);
                Assert.Equal(10 + (3 * km), Assert.Single(item.Outputs).Value);
                Assert.Equal(km > 8 ? "hide" : "show", item.Action);
                Assert.All(item.Features, feature => Assert.Equal(FeatureSource.Owner, feature.Source));
                if (item.Key == "r3" && km <= 8)
                {
                    Assert.Contains("known", item.Reasons);
                }
            }

            Assert.Equal(Plain(ranking, candidates), ranking.Items.Select(item => (item.Key, item.Place, item.Reasons.Contains("enough_of_it"))));
        }
    }

    [Fact]
    public async Task A_ranking_is_found_by_its_id_and_asked_again_is_the_first_answer_again()
    {
        await using var grid = _city.Open();
        var candidates = Many(200);
        var first = await grid.RankAsync("rank", City.Search("s", 1000), candidates, default);
        await grid.IngestAsync(City.Order("o", "r1", "a1", 500), default);

        var again = await grid.RankAsync("rank", City.Search("s", 1000), Many(200), default);
        var found = await grid.FindRankingAsync(first.Id, default);

        Assert.True(again.Duplicate);
        Assert.False(first.Duplicate);
        Assert.Equal(City.Portrait(first), City.Portrait(again));
        Assert.Equal(City.Portrait(first), City.Portrait(found!));
        Assert.Null(await grid.FindDecisionAsync(first.Id, default));
        Assert.Equal(1, (await grid.ReadFeaturesAsync(new("user", "u"), City.At(1000), default))["searches_1h"].Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ranking_of_other_candidates_under_a_known_id_is_refused_and_changes_nothing(bool afterRestart)
    {
        Event[] candidates = [City.Candidate("r1", "a1", "thai", 1), City.Candidate("r2", "a1", null, 2)];
        Event[][] others =
        [
            [candidates[0]],
            [.. candidates, City.Candidate("r3")],
            [candidates[1], candidates[0]],
            [candidates[0], City.Candidate("r2", "a1", "thai", 2)],
            [candidates[0], City.Candidate("r2", "a1", null, 2.5m)],
        ];
        var grid = _city.Open();
        var first = await grid.RankAsync("rank", City.Search("s", 1000), candidates, default);
        if (afterRestart)
        {
            await grid.DisposeAsync();
            grid = _city.Open();
        }

        await using (grid)
        {
            foreach (var other in others)
            {
                var refused = await RefusedAsync(City.Search("s", 1000), other);
                Assert.Equal((GridError.IdConflict, "search_id"), (refused.Error, refused.ValidationError!.Field));
                Assert.Equal("'s' again with other candidates", refused.ValidationError.Found);
            }

            Assert.Equal(GridError.IdConflict, (await RefusedAsync(City.Search("s", 1000, "v"), candidates)).Error);
            Assert.Equal(City.Portrait(first), City.Portrait(await grid.RankAsync("rank", City.Search("s", 1000), candidates, default)));
            Assert.Equal(1, (await grid.ReadFeaturesAsync(new("user", "u"), City.At(1000), default))["searches_1h"].Value);
            Assert.Equal(0, (await grid.ReadFeaturesAsync(new("user", "v"), City.At(1000), default))["searches_1h"].Value);
        }

        Task<GridException> RefusedAsync(Event search, Event[] some) =>
            Assert.ThrowsAsync<GridException>(async () => await grid.RankAsync("rank", search, some, default));
    }

    [Fact]
    public async Task After_a_crash_the_search_counts_once_and_the_ranking_is_still_there()
    {
        Ranking first;
        var killed = _city.Open();
        await killed.IngestAsync(City.Order("o", "r1", "a1", 500), default);
        first = await killed.RankAsync("rank", City.Search("s", 1000), Many(50), default);
        killed.Abandon();

        await using var grid = _city.Open();
        var again = await grid.RankAsync("rank", City.Search("s", 1000), Many(50), default);
        var next = await grid.RankAsync("rank", City.Search("s2", 1001), Many(2), default);

        Assert.True(again.Duplicate);
        Assert.Equal(City.Portrait(first), City.Portrait(again));
        Assert.Equal(City.Portrait(first), City.Portrait((await grid.FindRankingAsync(first.Id, default))!));
        Assert.All(next.Items, item => Assert.Equal(2, item.Features[0].Value));
        Assert.Contains(JournalHistory.Read(_city.Folder.Path, _city.Bundle), entry => entry.Ranking?.Id == first.Id);
    }

    [Fact]
    public async Task A_search_that_was_observed_before_is_ranked_and_counts_once()
    {
        await using var grid = _city.Open();
        await grid.IngestAsync(City.Search("s", 1000), default);

        var ranking = await grid.RankAsync("rank", City.Search("s", 1000), Many(2), default);
        var again = await grid.RankAsync("rank", City.Search("s", 1000), Many(2), default);

        Assert.False(ranking.Duplicate);
        Assert.Equal(1, ranking.Items[0].Features[0].Value);
        Assert.True(again.Duplicate);
        Assert.Equal(City.Portrait(ranking), City.Portrait(again));
    }

    [Fact]
    public async Task Rankings_of_one_user_take_turns()
    {
        await using var grid = _city.Open();

        var rankings = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            Task.Run(async () => await grid.RankAsync("rank", City.Search($"s{i}", 1000), Many(20), default))));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => (double)i), rankings.Select(ranking => ranking.Items[0].Features[0].Value).Order());
    }

    public static TheoryData<string, Event[]> Faults() => new()
    {
        { "candidates", [] },
        { "candidates", [.. Many(201)] },
        { "candidates[1].restaurant", [City.Candidate("r1"), City.Candidate("r1")] },
        { "candidates[1].restaurant", [City.Candidate("r1"), City.Candidate("")] },
        { "candidates[0].distance_km", [City.Candidate("r1", km: -1)] },
        { "candidates[0].colour", [new Event("restaurant") { ["restaurant"] = "r", ["area"] = "a", ["distance_km"] = 1L, ["colour"] = "red" }] },
        { "candidates[0].area", [new Event("restaurant") { ["restaurant"] = "r", ["distance_km"] = 1L }] },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task Faulty_candidates_are_told_by_field_and_change_nothing(string field, Event[] candidates)
    {
        await using var grid = _city.Open();

        var refused = await Assert.ThrowsAsync<GridException>(async () => await grid.RankAsync("rank", City.Search("s", 1000), candidates, default));

        Assert.Equal((GridError.InvalidInput, field), (refused.Error, refused.ValidationError?.Field));
        Assert.Equal(0, (await grid.ReadFeaturesAsync(new("user", "u"), City.At(1000), default))["searches_1h"].Value);
    }

    [Fact]
    public async Task Decisions_that_rank_and_those_that_do_not_are_not_taken_for_one_another()
    {
        await using var grid = _city.Open();

        var without = await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("rank", City.Search("s", 1000), default));
        var with = await Assert.ThrowsAsync<GridException>(async () => await grid.RankAsync("enter", City.Visit("v", "r", 1000), Many(2), default));

        Assert.Equal((GridError.InvalidInput, "candidates"), (without.Error, without.ValidationError?.Field));
        Assert.Equal((GridError.InvalidInput, "candidates"), (with.Error, with.ValidationError?.Field));
    }

    private static List<Event> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(i => City.Candidate($"r{i}", $"a{i % 3}", $"c{i % 7}", i % 10))];

    /// <summary>The order as one would write it down: look for the best that may stand at the next place, again and again.</summary>
    private static IEnumerable<(string, int?, bool)> Plain(Ranking ranking, List<Event> candidates)
    {
        var left = candidates.Select(sent => (Sent: sent, Item: ranking.Items.Single(item => item.Key == sent["restaurant"].Text)))
            .Where(one => one.Item.Action != "hide").OrderByDescending(one => one.Item.Score).ToList();
        var placed = new List<(string Key, double Score, string? Cuisine)>();
        while (left.Count > 0)
        {
            var fits = placed.Count >= 6 ? -1 : left.FindIndex(one =>
                one.Sent["cuisine"].Text is not { } cuisine || placed.Count(before => before.Cuisine == cuisine) < 2);
            var next = left[Math.Max(fits, 0)];
            left.Remove(next);
            placed.Add((next.Item.Key, next.Item.Score, next.Sent["cuisine"].Text));
        }

        var order = candidates.Select(sent => sent["restaurant"].Text!).ToList();
        var shown = placed.Select((one, i) => (one.Key, (int?)(i + 1), placed.Take(i).Any(before => before.Score < one.Score)));
        return shown.Concat(order.Where(key => placed.TrueForAll(one => one.Key != key)).Select(key => (key, (int?)null, false)));
    }
}

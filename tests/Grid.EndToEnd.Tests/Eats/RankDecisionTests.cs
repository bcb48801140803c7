using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Simulation.Eats;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Eats;

/// <summary>The decision `rank` of <c>bundles/eats</c> at work on a simulated city: it puts first what its users order from, and says why it leaves out what it does.</summary>
public sealed class RankDecisionTests
{
    [Fact]
    public async Task What_users_order_from_is_ranked_above_what_is_nearest()
    {
        var options = new CitySimulationOptions { Restaurants = 60, Users = 400, Couriers = 24, Days = 6, Seed = 9 };
        var events = CitySimulation.Events(options).ToList();
        var shown = events.Where(happened => happened.Type == CityEvent.Shown).ToLookup(one => one.Search);
        var last = new DateTimeOffset(options.Start.AddDays(5).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        using var bundle = Patient();
        using var folder = new TemporaryFolder();
        await using var grid = Open(bundle, folder);
        var (searches, first, nearest) = (0, 0, 0);
        foreach (var happened in events.Where(happened => happened.Type != CityEvent.Shown))
        {
            if (happened.Type == "search" && happened.At >= last && shown[happened.Id].FirstOrDefault(one => one.Chosen == true) is { } chosen)
            {
                var ranking = await grid.RankAsync("rank", happened.ToEvent(), [.. shown[happened.Id].Select(one => one.ToCandidate())], default);
                Assert.False(ranking.Fallback);
                Assert.Equal(shown[happened.Id].Count(), ranking.Items.Count);
                searches++;
                first += ranking.Items.First(item => item.Key == chosen.Restaurant).Place <= 5 ? 1 : 0;
                nearest += shown[happened.Id].Count(one => one.DistanceKilometres < chosen.DistanceKilometres) < 5 ? 1 : 0;
            }
            else
            {
                Assert.Equal(EventOutcome.Accepted, (await grid.IngestAsync(happened.ToEvent(), default)).Outcome);
            }
        }

        Assert.True(searches >= 50, $"{searches} searches");
        Assert.True(first > 1.3 * nearest, $"{first} of {searches} among the first five, {nearest} among the five nearest");
    }

    [Fact]
    public async Task What_is_closed_too_far_or_just_ordered_from_is_left_out_with_its_reason()
    {
        using var bundle = Patient();
        using var folder = new TemporaryFolder();
        await using var grid = Open(bundle, folder);
        foreach (var happened in Afternoon.Events)
        {
            await grid.IngestAsync(happened, default);
        }

        var search = new Event("search") { ["search_id"] = "mine", ["at"] = Afternoon.At("12:40:00"), ["user"] = "u1", ["searched"] = "thai", ["basket"] = 30m };
        var ranking = await grid.RankAsync("rank", search, [Candidate("r1", 1), Candidate("r2", 1), Candidate("r3", 8.001m), Candidate("r4", 8), Candidate("r5", 2)], default);

        Assert.Equal(["show", "show"], ranking.Items.Where(item => item.Place is not null).Select(item => item.Action));
        Assert.Equal(
            [("r1", "already_ordered"), ("r2", "closed"), ("r3", "out_of_range")],
            ranking.Items.Where(item => item.Place is null).Select(item => (item.Key, Assert.Single(item.Reasons))));
        Assert.Equal(["r5", "r4"], ranking.Items.Where(item => item.Place is not null).OrderBy(item => item.Place).Select(item => item.Key));
        var features = ranking.Items[0].Features;
        Assert.Equal(20, features.Count);
        Assert.Equal(1, features.Single(feature => feature.Name == "searched_match").Value);
        Assert.Equal(2, features.Single(feature => feature.Name == "courier_area.free_couriers").Value);
    }

    /// <summary>The bundle as it ships, but for the deadline: on a busy machine 20 ms may pass before others are asked, and these tests are of what they say.</summary>
    private static BundleFolder Patient() => BundleFolder.Of("eats").Replace("deadline: 20ms", "deadline: 1m", "rank.yaml");

    private static EmbeddedGrid Open(BundleFolder bundle, TemporaryFolder data) =>
        EmbeddedGrid.Open(BundleReader.Read(bundle.Path), new() { Folder = data.Path, Durability = Durability.Received }, TimeProvider.System);

    private static Event Candidate(string restaurant, decimal distance) =>
        new("candidate") { ["restaurant"] = restaurant, ["courier_area"] = "a1", ["cuisine"] = "thai", ["distance_km"] = distance };
}

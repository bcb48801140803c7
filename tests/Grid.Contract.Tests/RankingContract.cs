using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Json;
using Grid.Testing;

namespace Grid.Contract.Tests;

/// <summary>How every implementation of <see cref="IGrid"/> that ranks does it. One class per implementation inherits it, and each test starts with an empty grid.</summary>
public abstract class RankingContract : IAsyncLifetime
{
    private const string Text = """
        bundle: eats
        version: 1.0.0
        events:
          order_placed:
            id: order_id
            time: at
            fields: { order_id: string, at: timestamp, user: string, restaurant: string, courier_area: string }
            keys: { user: user, restaurant: restaurant, courier_area: courier_area }
          search:
            id: search_id
            time: at
            fields: { search_id: string, at: timestamp, user: string, searched: { type: string, optional: true }, basket: { type: decimal(2), min: 0, default: 0 } }
            keys: { user: user }
        entities:
          user:
            searches_1h: { count: search, window: 1h }
          restaurant:
            orders_1h: { count: order_placed, window: 1h }
          courier_area:
            orders_1h: { count: order_placed, window: 1h }
        models:
          rank: { file: models/logistic.onnx, input: x, score: p }
        decisions:
          rank:
            on: search
            owner: user
            candidates:
              kind: restaurant
              fields: { restaurant: string, courier_area: string, cuisine: string, distance_km: { type: decimal(3), min: 0 } }
              reads: { restaurant: restaurant, courier_area: courier_area }
            features:
              - user.searches_1h
              - distance_km
              - asked_for: "cuisine = searched"
            reads: { courier_area: { max_age: 1h } }
            model: rank
            policy:
              - hide: "distance_km > 8"
                reason: out_of_range
              - show: "courier_area.orders_1h >= 0 and restaurant.orders_1h > 0"
                reason: busy
              - show: "true"
            order: { drop: [hide], diversity: { by: cuisine, most: 1, among: 2 } }
            fallback: { show: model_unavailable }

        """;

    private static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);

    private readonly BundleFolder _bundle = new BundleFolder(Text).AddModel("logistic");
    private readonly string _data = Directory.CreateTempSubdirectory("grid-ranking-").FullName;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IGrid Grid { get; set; } = null!;

    /// <summary>Starts a grid on a bundle; its data may go into a folder that is gone after the test.</summary>
    protected abstract ValueTask<IGrid> StartAsync(Bundle bundle, string data);

    protected abstract ValueTask StopAsync();

    public async ValueTask InitializeAsync() => Grid = await StartAsync(BundleReader.Read(_bundle.Path), _data);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_data, recursive: true);
        _bundle.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void The_schema_says_what_is_ranked_and_what_is_sent_with_it()
    {
        var ranked = Assert.Single(Grid.Schema.Decisions).Candidates;

        Assert.NotNull(ranked);
        Assert.Equal(("restaurant", "restaurant", 200), (ranked.Kind, ranked.KeyField, ranked.Most));
        Assert.Equal(["restaurant", "courier_area", "cuisine", "distance_km"], ranked.Fields.Select(field => field.Name));
        Assert.Equal("decimal(3)", ranked.Fields[3].TypeName);
    }

    [Fact]
    public async Task A_user_ranks_restaurants_through_its_own_interface()
    {
        await Grid.IngestAsync(Order("o1", "far"), Cancellation);
        await Grid.IngestAsync(Order("o2", "near"), Cancellation);

        var ranking = await Grid.Entity<IUser>("u").RankAsync(SearchOf("s"), Cancellation);

        // The nearest, then the other cuisine for diversity's sake, then the second of the first cuisine; what is out of range has no place.
        Assert.Equal(["near", "other", "second", "far"], ranking.Items.Select(item => item.Key));
        Assert.Equal([1, 2, 3, null], ranking.Items.Select(item => item.Place));
        Assert.Equal(["busy", "", "diversity", "out_of_range"], ranking.Items.Select(item => string.Join(' ', item.Reasons)));
        Assert.Equal([1, 0.5, 1], ranking.Items[0].Features.Select(feature => feature.Value));
        Assert.Equal(("rank", "s", Noon, new EntityId("user", "u")), (ranking.Name, ranking.EventId, ranking.At, ranking.Owner));
        Assert.StartsWith("rank@", ranking.Model, StringComparison.Ordinal);
        Assert.False(ranking.Fallback || ranking.Duplicate);
        Assert.Empty(ranking.TimedOut);
        Assert.Equal(1, (await Grid.Entity<IUser>("u").FeaturesAsync(Noon, Cancellation))["searches_1h"].Value);
        Assert.Equal(1, (await Grid.Entity<IRestaurant>("near").FeaturesAsync(Noon, Cancellation))["orders_1h"].Value);
    }

    [Fact]
    public async Task Asking_again_gets_the_first_ranking_again_and_it_is_found_by_its_id()
    {
        var user = Grid.Entity<IUser>("u");
        var first = await user.RankAsync(SearchOf("s"), Cancellation);

        var again = await user.RankAsync(SearchOf("s"), Cancellation);
        var otherSearch = await Assert.ThrowsAsync<GridException>(
            async () => await user.RankAsync(SearchOf("s") with { Searched = "pizza" }, Cancellation));
        var otherCandidates = await Assert.ThrowsAsync<GridException>(
            async () => await user.RankAsync(SearchOf("s") with { Candidates = [new("near", "a", "thai", 0.6m)] }, Cancellation));
        var found = await Grid.FindRankingAsync(first.Id, Cancellation);

        Assert.True(again.Duplicate);
        Assert.Equal((GridError.IdConflict, GridError.IdConflict), (otherSearch.Error, otherCandidates.Error));
        Assert.Equal(Portrait(first), Portrait(again));
        Assert.Equal(Portrait(first), Portrait(found!));
        Assert.Null(await Grid.FindDecisionAsync(first.Id, Cancellation));
        Assert.Null(await Grid.FindRankingAsync("d-0", Cancellation));
    }

    [Fact]
    public async Task What_is_in_the_vector_and_was_asked_of_its_owner_says_so()
    {
        var user = Grid.Entity<IUser>("u");
        await user.RankAsync(SearchOf("s1"), Cancellation);

        var second = await user.RankAsync(SearchOf("s2"), Cancellation);

        Assert.All(second.Items, item => Assert.All(item.Features, feature => Assert.Equal(FeatureSource.Owner, feature.Source))); // None of the vector is of an area.
        Assert.All(second.Items, item => Assert.Empty(item.TimedOut));
    }

    [Fact]
    public async Task Faulty_candidates_are_told_by_their_place_and_change_nothing()
    {
        var user = Grid.Entity<IUser>("u");
        var good = new Candidate("near", "a", "thai", 1);

        async Task<string?> FaultOfAsync(params Candidate[] candidates) =>
            (await Assert.ThrowsAsync<GridException>(() => user.RankAsync(SearchOf("s") with { Candidates = candidates }, Cancellation))).ValidationError?.Field;

        Assert.Equal("candidates[1].distance_km", await FaultOfAsync(good, good with { Restaurant = "b", DistanceKm = -1 }));
        Assert.Equal("candidates[1].restaurant", await FaultOfAsync(good, good));
        Assert.Equal("candidates[0].courier_area", await FaultOfAsync(good with { CourierArea = "" }));
        Assert.Equal("candidates", await FaultOfAsync());
        Assert.Equal(0, (await user.FeaturesAsync(Noon, Cancellation))["searches_1h"].Value);
    }

    [Fact]
    public async Task A_decision_that_ranks_is_not_made_without_candidates()
    {
        var request = new Event("search") { ["search_id"] = "s", ["at"] = Noon, ["user"] = "u" };

        var refused = await Assert.ThrowsAsync<GridException>(async () => await Grid.DecideAsync("rank", request, Cancellation));

        Assert.Equal((GridError.InvalidInput, "candidates"), (refused.Error, refused.ValidationError?.Field));
    }

    private static string Portrait(Ranking ranking) => System.Text.Encoding.UTF8.GetString(GridJson.Utf8(ranking, RankingJson.Write).Span)
        .Replace("\"duplicate\":true", "\"duplicate\":false", StringComparison.Ordinal);

    private static Search SearchOf(string id) => new(id, Noon, "thai", 25, [
        new("far", "a", "thai", 8.001m), new("second", "a", "thai", 0.6m), new("other", "b", "pizza", 2), new("near", "a", "thai", 0.5m)]);

    private static Event Order(string id, string restaurant) => new("order_placed")
    {
        ["order_id"] = id,
        ["at"] = Noon,
        ["user"] = "somebody",
        ["restaurant"] = restaurant,
        ["courier_area"] = "a",
    };
}

using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>
/// A decision asks all the entities that it reads at once. With a deadline it does not wait for one that cannot answer, and says what took
/// its place.
/// </summary>
public sealed class DeadlineTests(DeadlineGrid cluster) : IClassFixture<DeadlineGrid>
{
    private static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);

    [Fact]
    public async Task Entity_that_does_not_answer_by_the_deadline_is_named_and_replaced_and_all_others_count()
    {
        var user = new EntityId("user", "late");
        await VisitAsync("seed-1", "x", "known", "c1", "a1");
        await VisitAsync("seed-2", "x", "known", "c1", "a1");
        var inTime = await cluster.Grid.DecideAsync("enter", Visit("v1", user.Key, "known", "c0", "a0"), default);
        using var answered = cluster.ForeignReads();
        var elsewhere = cluster.ElsewhereThan(user, new("courier", "c1"), new("area", "a1"));
        var frozen = cluster.Holds.Freeze(new("restaurant", "frozen"));

        var deciding = cluster.Grid.DecideAsync("enter", Visit("v2", user.Key, "frozen", "c1", "a1"), default).AsTask();
        await frozen.Reached;
        await answered.ReachesAsync(elsewhere);
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(149));
        var early = deciding.IsCompleted;
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var late = await deciding.InTime();
        frozen.Release();

        Assert.Empty(inTime.TimedOut);
        Assert.StartsWith("score@", inTime.Model, StringComparison.Ordinal);
        Assert.False(early);
        Assert.Equal(["restaurant.visits_1h", "restaurant.visits_1d"], late.TimedOut);
        Assert.Equal(("guess", "default_and_owners"), (late.Action, Assert.Single(late.Reasons)));
        Assert.StartsWith("small@", late.Model, StringComparison.Ordinal);
        Assert.Equal((2, 2), (Value(late, "user.visits_1h"), Value(late, "user.visits_1d")));
        Assert.Equal(FeatureSource.Missing, late.Features.Single(one => one.Name == "restaurant.visits_1h").Source);
    }

    [Fact]
    public async Task Decision_with_a_deadline_is_answered_once_labels_find_its_event()
    {
        var restaurant = cluster.Holds.Freeze(new("restaurant", "unreachable"));
        var registration = cluster.Holds.FreezeRegistration("r1");

        var deciding = cluster.Grid.DecideAsync("enter", Visit("r1", "rated", "unreachable", "c3", "a3"), default).AsTask();
        await restaurant.Reached;
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(150));
        await Task.WhenAny(deciding, registration.Reached);
        var early = deciding.IsCompleted;
        registration.Release();
        var decision = await deciding.InTime(); // Its delivery to the restaurant is still held up.
        restaurant.Release();

        Assert.False(early);
        Assert.Equal("wait", decision.Action);
    }

    [Fact]
    public async Task Late_decision_is_kept_as_it_was_answered_and_the_late_entity_counts_its_event()
    {
        var restaurant = new EntityId("restaurant", "thawed");
        var frozen = cluster.Holds.Freeze(restaurant);
        var deciding = cluster.Grid.DecideAsync("enter", Visit("k1", "kept", restaurant.Key, "c2", "a2"), default).AsTask();
        await frozen.Reached;
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(150));
        var late = await deciding.InTime();
        frozen.Release();

        await cluster.Test.PeerOf(restaurant).HearInboxAsync(default);
        var visits = (await cluster.Grid.ReadFeaturesAsync(restaurant, Noon, default))["visits_1h"].Value;
        var afterwards = await cluster.Grid.DecideAsync("enter", Visit("k2", "kept", restaurant.Key, "c2", "a2"), default);
        var repeated = await cluster.Grid.DecideAsync("enter", Visit("k1", "kept", restaurant.Key, "c2", "a2"), default);
        var found = await cluster.Grid.FindDecisionAsync(late.Id, default);

        Assert.Equal(("wait", "unknown"), (late.Action, Assert.Single(late.Reasons)));
        Assert.Equal(1, visits);
        Assert.Empty(afterwards.TimedOut);
        Assert.Equal("enter", afterwards.Action);
        Assert.All([repeated, found!], one => Assert.Equal((late.Model, late.Score, late.Action, late.Id), (one.Model, one.Score, one.Action, one.Id)));
    }

    [Fact]
    public async Task Entity_that_cannot_be_read_is_missed_at_once_and_fails_a_decision_without_a_deadline()
    {
        cluster.Holds.Freeze(new("courier", "broken")).Fail();

        var late = await cluster.Grid.DecideAsync("enter", Visit("b1", "b", "known", "broken", "a3"), default).AsTask().InTime();
        var failed = await Assert.ThrowsAsync<GridException>(
            async () => await cluster.Grid.DecideAsync("look", Visit("b2", "b", "known", "broken", "a3"), default));

        Assert.Equal(["courier.visits_1h"], late.TimedOut);
        Assert.Equal(GridError.Unavailable, failed.Error);
    }

    [Fact]
    public async Task Decision_without_a_deadline_asks_all_entities_at_once_and_waits_for_each()
    {
        EntityId[] others = [new("restaurant", "r4"), new("courier", "c4"), new("area", "a4")];
        await VisitAsync("seed-4", "x", "r4", "c4", "a4");
        var asked = others.Select(other => cluster.Holds.Freeze(new(other.Kind, "frozen-" + other.Key))).ToArray();

        var deciding = cluster.Grid.DecideAsync("look", Visit("l1", "looks", "frozen-r4", "frozen-c4", "frozen-a4"), default).AsTask();
        await Task.WhenAll(asked.Select(one => one.Reached)); // Before any of them has answered.
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        asked[0].Release();
        asked[1].Release();
        var early = deciding.IsCompleted;
        asked[2].Release();
        var decision = await deciding.InTime();
        var again = await cluster.Grid.DecideAsync("look", Visit("l2", "looks", "r4", "c4", "a4"), default);

        Assert.False(early);
        Assert.Equal(("look", 0), (decision.Action, decision.TimedOut.Count));
        Assert.Equal(0, Value(decision, "restaurant.visits_1h"));
        Assert.Equal(("stay", 1), (again.Action, Value(again, "restaurant.visits_1h"))); // Of all three.
    }

    private static double Value(Decision decision, string feature) => decision.Features.Single(one => one.Name == feature).Value;

    private async Task VisitAsync(string id, string user, string restaurant, string courier, string area) =>
        Assert.Equal(EventReceipt.Accepted, await cluster.Grid.IngestAsync(Visit(id, user, restaurant, courier, area), default));

    private static Event Visit(string id, string user, string restaurant, string courier, string area) => new("visit")
    {
        ["visit_id"] = id,
        ["at"] = Noon,
        ["user"] = user,
        ["restaurant"] = restaurant,
        ["courier"] = courier,
        ["area"] = area,
    };
}

using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Decisions.Tests.Definitions;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using Grid.Features.Rows;

namespace Grid.Decisions.Tests.Records;

/// <summary>A decision that ranks, with everything that a ranking's record may hold: text, copies and defaults, a fallback model, diversity, an output.</summary>
internal static class RankedCity
{
    private const string Text = """
        bundle: city
        version: 1.0.0
        events:
          search:
            id: search_id
            time: at
            fields: { search_id: string, at: timestamp, user: string, basket: { type: decimal(2), default: 0 } }
            keys: { user: user }
          order:
            id: order_id
            time: at
            fields: { order_id: string, at: timestamp, user: string, restaurant: string, area: string, cuisine: string }
            keys: { user: user, restaurant: restaurant, area: area }
        entities:
          user: { searches_1h: { count: search, window: 1h }, cuisine: { last: order.cuisine, window: 1d } }
          restaurant: { orders_1h: { count: order, window: 1h }, cuisine: { top: order.cuisine, window: 1d } }
          area: { orders_1h: { count: order, window: 1h } }
        models:
          score: { file: models/logistic.onnx, input: x, score: p }
          small: { file: models/small.onnx, input: x, score: p }
        decisions:
          rank:
            on: search
            owner: user
            candidates:
              kind: restaurant
              fields: { restaurant: string, area: string, cuisine: { type: string, optional: true }, distance_km: { type: decimal(3), min: 0 } }
              reads: { restaurant: restaurant, area: area }
            features:
              - distance_km
              - user.searches_1h
              - share: "restaurant.orders_1h / area.orders_1h"
            reads: { restaurant: { max_age: 5s }, restaurant.orders_1h: { default: 4 } }
            deadline: 20ms
            model: score
            fallback_model: { model: small, features: [user.searches_1h, distance_km] }
            outputs: { minutes: "10 + distance_km / score" }
            policy:
              - hide: "distance_km > 8"
                reason: out_of_range
              - show: "restaurant.cuisine = user.cuisine"
                reasons: [liked, near]
              - show: "true"
            order: { by: score, drop: [hide], diversity: { by: cuisine, most: 1, among: 4 } }
            fallback: { show: model_unavailable }

        """;

    public static readonly EventTime At = EventTime.FromUnixMilliseconds(1_000_000_000);

    public static DecisionPlan Plan { get; } = Read();

    /// <summary>A frame that holds so many candidates, with nothing read yet.</summary>
    public static RankFrame Begin(IReadOnlyList<(decimal Km, string? Cuisine)> candidates)
    {
        var row = new EventRow();
        var search = new Event("search") { ["search_id"] = "s", ["at"] = At, ["user"] = "u" };
        Assert.True(RowReader.TryRead(search, Plan.On, default, EventTime.FromUnixMilliseconds(EventTime.MaxUnixMilliseconds), row, out _));
        var frame = new RankFrame();
        frame.Begin(Plan, row);
        for (var i = 0; i < candidates.Count; i++)
        {
            var sent = new Event("restaurant") { ["restaurant"] = $"r{i}", ["area"] = "a", ["cuisine"] = candidates[i].Cuisine, ["distance_km"] = candidates[i].Km };
            Assert.True(frame.TryAdd(sent, out _));
        }

        return frame;
    }

    private static DecisionPlan Read()
    {
        using var folder = PaymentsBundle.Write(Text).AddModel("logistic_small", "small");
        return BundleReader.Read(folder.Path).Decisions[0];
    }
}

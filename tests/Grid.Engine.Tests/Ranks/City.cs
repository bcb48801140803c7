using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;

namespace Grid.Engine.Tests.Ranks;

/// <summary>A small bundle that ranks restaurants and decides on single ones, its events in short, and what its model computes.</summary>
internal sealed class City : IDisposable
{
    public const string Deadline = "deadline: 1s";
    public const string FallbackRank = "fallback_model: { model: small, features: [distance_km, user.searches_1h] }";
    public const string FallbackEnter = "fallback_model: { model: small, features: [user.orders_1d, user.searches_1h] }";
    public const string MaxAge = "reads: { restaurant: { max_age: 5s }, area: { max_age: 2s } }";

    public static readonly TimeSpan DeadlineSpan = TimeSpan.FromSeconds(1);

    private const string Text = """
        bundle: city
        version: 1.0.0
        events:
          order:
            id: order_id
            time: at
            fields: { order_id: string, at: timestamp, user: string, restaurant: string, area: string }
            keys: { user: user, restaurant: restaurant, area: area }
          search:
            id: search_id
            time: at
            fields: { search_id: string, at: timestamp, user: string, basket: { type: decimal(2), default: 0 } }
            keys: { user: user }
          visit:
            id: visit_id
            time: at
            fields: { visit_id: string, at: timestamp, user: string, restaurant: string }
            keys: { user: user, restaurant: restaurant }
        entities:
          user:
            searches_1h: { count: search, window: 1h }
            orders_1d: { count: order, window: 1d }
          restaurant:
            orders_1h: { count: order, window: 1h }
            visits_1h: { count: visit, window: 1h }
          area:
            orders_1h: { count: order, window: 1h }
        models:
          score: { file: models/logistic.onnx, input: x, score: p }
          #SMALL
        decisions:
          rank:
            on: search
            owner: user
            candidates:
              kind: restaurant
              most: 200
              fields:
                restaurant: string
                area: string
                cuisine: { type: string, optional: true }
                distance_km: { type: decimal(3), min: 0 }
              reads: { restaurant: restaurant, area: area }
            features:
              - user.searches_1h
              - distance_km
              - share: "restaurant.orders_1h / (1 + area.orders_1h)"
            #RANK
            model: score
            outputs: { minutes: "10 + 3 * distance_km" }
            policy:
              - hide: "distance_km > 8"
                reason: out_of_range
              - show: "restaurant.visits_1h > 0"
                reason: known
              - show: "true"
            order: { by: score, drop: [hide], diversity: { by: cuisine, most: 2, among: 6, reason: enough_of_it } }
            fallback: { show: model_unavailable }
          enter:
            on: visit
            owner: user
            features: [ user.searches_1h, user.orders_1d, restaurant.orders_1h ]
            #ENTER
            model: score
            policy:
              - enter: "true"
            fallback: { enter: model_unavailable }

        """;

    private readonly BundleFolder _folder;

    /// <param name="rank">Lines of the decision <c>rank</c> that say how fresh its reads must be.</param>
    /// <param name="enter">Those of the decision <c>enter</c>.</param>
    public City(string[]? rank = null, string[]? enter = null)
    {
        var small = (rank ?? []).Concat(enter ?? []).Any(line => line.StartsWith("fallback_model", StringComparison.Ordinal));
        var text = Text.Replace("#SMALL", small ? "small: { file: models/small.onnx, input: x, score: p }" : "", StringComparison.Ordinal)
            .Replace("#RANK", string.Join("\n    ", rank ?? []), StringComparison.Ordinal)
            .Replace("#ENTER", string.Join("\n    ", enter ?? []), StringComparison.Ordinal);
        _folder = new BundleFolder(text).AddModel("logistic").AddModel("logistic_small", "small");
        Bundle = BundleReader.Read(_folder.Path);
    }

    public Bundle Bundle { get; }

    public TestFolder Folder { get; } = new();

    /// <summary>The clock of its grids.</summary>
    public SteppedTime Time { get; } = new();

    public EmbeddedGrid Open(Action<EngineOptions>? configure = null) => EmbeddedGrid.Open(Bundle, Folder.Options(configure), Time);

    public static EventTime At(long milliseconds) => EventTime.FromUnixMilliseconds(Fraud.Start + milliseconds);

    public static Event Order(string id, string restaurant, string area, long milliseconds, string user = "u-other") => new("order")
    {
        ["order_id"] = id,
        ["at"] = At(milliseconds),
        ["user"] = user,
        ["restaurant"] = restaurant,
        ["area"] = area,
    };

    public static Event Search(string id, long milliseconds, string user = "u") => new("search")
    {
        ["search_id"] = id,
        ["at"] = At(milliseconds),
        ["user"] = user,
    };

    public static Event Visit(string id, string restaurant, long milliseconds, string user = "u") => new("visit")
    {
        ["visit_id"] = id,
        ["at"] = At(milliseconds),
        ["user"] = user,
        ["restaurant"] = restaurant,
    };

    public static Event Candidate(string restaurant, string area = "a", string? cuisine = null, decimal km = 1) => new("restaurant")
    {
        ["restaurant"] = restaurant,
        ["area"] = area,
        ["cuisine"] = cuisine,
        ["distance_km"] = km,
    };

    /// <summary>What the model computes, in double precision.</summary>
    public static double Model(IReadOnlyList<FeatureReading> x) =>
        1 / (1 + Math.Exp(-((0.5 * x[0].Value) - x[1].Value + (2.0 * x[2].Value) + 0.25)));

    /// <summary>Everything a ranking says but whether it is told again.</summary>
    public static string Portrait(Ranking ranking) => System.Text.Encoding.UTF8
        .GetString(Json.GridJson.Utf8(ranking, Json.RankingJson.Write).Span)
        .Replace("\"duplicate\":true", "\"duplicate\":false", StringComparison.Ordinal);

    /// <summary>A key of a kind whose shard is not that of another entity.</summary>
    public static string KeyElsewhere(EmbeddedGrid grid, string kind, string prefix, params EntityId[] others)
    {
        var core = grid.Core;
        Shard ShardOf(string name, string key) => core.ShardOf(core.KindsByName[name].Ordinal, key);
        return Enumerable.Range(0, 10_000).Select(i => $"{prefix}{i}")
            .First(key => others.All(other => ShardOf(other.Kind, other.Key) != ShardOf(kind, key)));
    }

    public void Dispose()
    {
        _folder.Dispose();
        Folder.Dispose();
    }
}

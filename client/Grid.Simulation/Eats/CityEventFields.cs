namespace Grid.Simulation.Eats;

/// <summary>Which fields the bundle's events have, and what a <see cref="CityEvent"/> says in each.</summary>
internal static class CityEventFields
{
    private static readonly string[] Order = ["user", "restaurant", "courier_area"];

    private static readonly Dictionary<string, (string Id, string[] Fields)> Types = new()
    {
        ["search"] = ("search_id", ["user", "searched", "basket"]),
        ["order_placed"] = ("order_id", [.. Order, "is_asap", "order_total", "discount", "cuisine"]),
        ["order_accepted"] = ("order_id", [.. Order, "is_asap"]),
        ["order_cancelled"] = ("order_id", Order),
        ["order_ready"] = ("order_id", Order),
        ["courier_arrived"] = ("order_id", [.. Order, "courier", "is_asap"]),
        ["order_picked_up"] = ("order_id", [.. Order, "courier"]),
        ["order_delivered"] = ("order_id", [.. Order, "courier", "is_asap", "placed_at"]),
        ["rating_given"] = ("order_id", ["user", "restaurant", "stars"]),
        ["courier_status"] = ("status_id", ["courier", "courier_area", "status", "lat", "lon"]),
        ["restaurant_closed"] = ("status_id", ["restaurant"]),
        ["restaurant_opened"] = ("status_id", ["restaurant"]),
    };

    /// <summary>The columns of a file, after the event's type, its id and its time.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "user", "restaurant", "courier_area", "courier", "is_asap", "order_total", "discount", "cuisine", "placed_at", "searched", "basket", "stars",
        "status", "lat", "lon", "search", "distance_km", "chosen",
    ];

    public static Event ToEvent(CityEvent happened)
    {
        if (!Types.TryGetValue(happened.Type, out var type))
        {
            throw new InvalidOperationException($"'{happened.Type}' is no event of the bundle.");
        }

        var told = new Event(happened.Type, type.Fields.Length + 2) { [type.Id] = happened.Id, ["at"] = happened.At };
        foreach (var field in type.Fields)
        {
            if (ValueOf(happened, field) is { Given: not FieldType.None } value)
            {
                told.Add(field, value);
            }
        }

        return told;
    }

    public static Event ToCandidate(CityEvent shown) => new("candidate", 4)
    {
        ["restaurant"] = shown.Restaurant,
        ["courier_area"] = shown.CourierArea,
        ["cuisine"] = shown.Cuisine,
        ["distance_km"] = Number(shown.DistanceKilometres),
    };

    /// <summary>What the event says in a field; missing where it says nothing.</summary>
    public static FieldValue ValueOf(CityEvent happened, string column) => column switch
    {
        "user" => FieldValue.Of(happened.User),
        "restaurant" => FieldValue.Of(happened.Restaurant),
        "courier_area" => FieldValue.Of(happened.CourierArea),
        "courier" => FieldValue.Of(happened.Courier),
        "is_asap" => Flag(happened.IsAsap),
        "order_total" => Number(happened.OrderTotal),
        "discount" => Number(happened.Discount),
        "cuisine" => FieldValue.Of(happened.Cuisine),
        "placed_at" => happened.PlacedAt is { } placed ? placed : default(FieldValue),
        "searched" => FieldValue.Of(happened.Searched),
        "basket" => Number(happened.Basket),
        "stars" => Number(happened.Stars),
        "status" => FieldValue.Of(happened.Status),
        "lat" => Number(happened.Latitude),
        "lon" => Number(happened.Longitude),
        "search" => FieldValue.Of(happened.Search),
        "distance_km" => Number(happened.DistanceKilometres),
        "chosen" => Flag(happened.Chosen),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "There is no such column."),
    };

    private static FieldValue Number(decimal? value) => value is { } number ? FieldValue.Of(number) : default;

    private static FieldValue Flag(bool? value) => value is { } flag ? FieldValue.Of(flag) : default;
}

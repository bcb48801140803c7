namespace Grid.EndToEnd.Tests.Eats;

/// <summary>One afternoon of two restaurants, three couriers and two users, written by hand: 2026-03-02, all times UTC.</summary>
internal static class Afternoon
{
    public static readonly IReadOnlyList<Event> Events =
    [
        Status("k2", "restaurant_closed", "11:00:00", "r2"),
        Courier("x1", "11:50:00", "c1", "a1", "free", 48.10m),
        Courier("x2", "11:55:00", "c2", "a1", "free", 48.20m),
        Courier("x3", "11:56:00", "c3", "a1", "off", 48.30m),
        Search("s1", "12:00:00", "u1", "thai"),
        Placed("o1", "12:01:00", "u1", "r1", 20.50m, "thai"),
        Order("order_accepted", "o1", "12:02:00", "u1"),
        Courier("x4", "12:03:00", "c1", "a1", "busy", 48.10m),
        Placed("o2", "12:05:00", "u2", "r1", 30.00m, "thai"),
        Order("order_accepted", "o2", "12:06:00", "u2"),
        Search("s2", "12:10:00", "u1", null),
        Order("order_ready", "o1", "12:12:00", "u1"),
        Order("courier_arrived", "o1", "12:14:00", "u1", "c1"),
        Order("order_picked_up", "o1", "12:15:00", "u1", "c1"),
        Order("order_ready", "o2", "12:26:00", "u2"),
        Order("order_delivered", "o1", "12:30:00", "u1", "c1"),
        Courier("x5", "12:30:10", "c1", "a1", "free", 48.15m),
        Placed("o3", "12:31:00", "u1", "r1", 11.00m, "thai"),
        Order("order_cancelled", "o3", "12:32:00", "u1"),
        Rating("o1", "13:00:00", "u1", 4),
        Courier("x6", "13:05:00", "c2", "a1", "off", 48.20m),
        Courier("x7", "13:05:02", "c2", "a2", "free", 48.20m),
        Rating("o2", "13:10:00", "u2", 5),
        Status("k3", "restaurant_opened", "13:20:00", "r2"),
    ];

    public static EventTime At(string time) => EventTime.TryParse($"2026-03-02T{time}Z", out var at) ? at : throw new FormatException(time);

    private static Event Placed(string id, string at, string user, string restaurant, decimal total, string cuisine) => new("order_placed")
    {
        ["order_id"] = id,
        ["at"] = At(at),
        ["user"] = user,
        ["restaurant"] = restaurant,
        ["courier_area"] = "a1",
        ["is_asap"] = true,
        ["order_total"] = total,
        ["cuisine"] = cuisine,
    };

    private static Event Order(string type, string id, string at, string user, string? courier = null)
    {
        var order = new Event(type) { ["order_id"] = id, ["at"] = At(at), ["user"] = user, ["restaurant"] = "r1", ["courier_area"] = "a1" };
        if (type is "order_accepted" or "courier_arrived" or "order_delivered")
        {
            order["is_asap"] = true;
        }

        if (courier is not null)
        {
            order["courier"] = courier;
        }

        return order;
    }

    private static Event Search(string id, string at, string user, string? searched)
    {
        var search = new Event("search") { ["search_id"] = id, ["at"] = At(at), ["user"] = user, ["basket"] = 30m };
        if (searched is not null)
        {
            search["searched"] = searched;
        }

        return search;
    }

    private static Event Courier(string id, string at, string courier, string area, string status, decimal latitude) => new("courier_status")
    {
        ["status_id"] = id,
        ["at"] = At(at),
        ["courier"] = courier,
        ["courier_area"] = area,
        ["status"] = status,
        ["lat"] = latitude,
        ["lon"] = 11.5m,
    };

    private static Event Rating(string order, string at, string user, int stars) =>
        new("rating_given") { ["order_id"] = order, ["at"] = At(at), ["user"] = user, ["restaurant"] = "r1", ["stars"] = stars };

    private static Event Status(string id, string type, string at, string restaurant) =>
        new(type) { ["status_id"] = id, ["at"] = At(at), ["restaurant"] = restaurant };
}

using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Eats;

/// <summary>Every feature of <c>bundles/eats</c> that ranking reads, worked out by hand for one afternoon; told in order, and in any order with every third event twice.</summary>
public sealed class AfternoonTests
{
    private static readonly (string Time, string Entity, string Feature, double Expected)[] Numbers =
    [
        ("12:00:30", "courier_area/a1", "free_couriers", 2),
        ("12:00:30", "courier_area/a1", "busy_couriers", 0),
        ("12:00:30", "courier_area/a1", "orders_per_courier", 0),
        ("12:05:30", "courier_area/a1", "free_couriers", 1),
        ("12:05:30", "courier_area/a1", "busy_couriers", 1),
        ("12:05:30", "courier_area/a1", "open_orders", 2),
        ("12:05:30", "courier_area/a1", "orders_per_courier", 1),
        ("12:14:30", "courier_area/a1", "free_couriers", 1), // c1 is there: busy by his order now, not by his status as well
        ("12:14:30", "courier_area/a1", "busy_couriers", 1),
        ("12:30:05", "courier_area/a1", "free_couriers", 2), // delivered; his status comes later
        ("12:30:05", "courier_area/a1", "busy_couriers", 0),
        ("12:30:20", "courier_area/a1", "free_couriers", 2),
        ("12:30:20", "courier_area/a1", "open_orders", 1),
        ("12:31:30", "courier_area/a1", "open_orders", 2),
        ("12:33:00", "courier_area/a1", "open_orders", 1), // cancelled
        ("12:56:00", "courier_area/a1", "free_couriers", 1), // nothing was heard of c2 for an hour
        ("13:05:01", "courier_area/a1", "free_couriers", 1),
        ("13:05:01", "courier_area/a2", "free_couriers", 0),
        ("13:05:30", "courier_area/a2", "free_couriers", 1),
        ("13:30:11", "courier_area/a1", "free_couriers", 0),
        ("12:05:30", "restaurant/r1", "open_orders", 2),
        ("12:05:30", "restaurant/r1", "num_orders_last_30_min", 2),
        ("12:31:30", "restaurant/r1", "num_orders_last_30_min", 2), // o1 has left the window
        ("12:11:00", "restaurant/r1", "kitchen_s_mean_1h", double.NaN),
        ("12:27:00", "restaurant/r1", "kitchen_s_mean_1h", 900),
        ("12:27:00", "restaurant/r1", "kitchen_s_p90_1h", 1200),
        ("13:15:00", "restaurant/r1", "kitchen_s_mean_1h", 1200),
        ("13:15:00", "restaurant/r1", "kitchen_s_mean_7d", 900),
        ("13:15:00", "restaurant/r1", "kitchen_s_p90_7d", 1200),
        ("13:05:00", "restaurant/r1", "rating_mean", 4),
        ("13:15:00", "restaurant/r1", "rating_mean", 4.5),
        ("13:15:00", "restaurant/r1", "ratings", 2),
        ("10:59:59", "restaurant/r2", "closed", 0),
        ("12:00:00", "restaurant/r2", "closed", 1),
        ("13:20:00", "restaurant/r2", "closed", 0),
        ("12:00:00", "restaurant/r1", "closed", 0),
        ("13:15:00", "user/u1", "spend_30d", 31.50),
        ("13:15:00", "user/u1", "delivered_30d", 1),
        ("13:15:00", "user/u1", "cancelled_30d", 1),
        ("13:00:00", "user/u1", "rating_mean", 4),
        ("13:00:00", "user/u1", "ratings", 1),
        ("12:59:59", "user/u1", "ratings", 0),
        ("12:20:00", "courier/c1", "picked_up_1d", 1),
        ("12:20:00", "courier/c1", "lat", 48.10),
        ("12:40:00", "courier/c1", "lat", 48.15),
    ];

    private static readonly (string Time, string Entity, string Feature, string? Expected)[] Texts =
    [
        ("11:59:59", "user/u1", "last_cuisine_1h", null),
        ("12:00:00", "user/u1", "last_cuisine_1h", "thai"),
        ("12:20:00", "user/u1", "last_cuisine_1h", "thai"), // the home screen asked for none, and takes none away
        ("13:00:00", "user/u1", "last_cuisine_1h", null),
        ("12:20:00", "user/u1", "last_restaurant_1h", "r1"),
        ("12:20:00", "user/u1", "favourite_cuisine", null), // nothing was loaded
        ("12:20:00", "courier/c1", "status", "busy"),
        ("12:40:00", "courier/c1", "status", "free"),
        ("13:04:00", "courier/c2", "area", "a1"),
        ("13:06:00", "courier/c2", "area", "a2"),
    ];

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_feature_reads_as_worked_out_by_hand(int? seed)
    {
        using var folder = new TemporaryFolder();
        await using var grid = EmbeddedGrid.Open(BundleReader.Read(Repository.Bundle("eats")), new() { Folder = folder.Path, Durability = Durability.Received }, TimeProvider.System);
        foreach (var (happened, isNew) in Told(seed))
        {
            var receipt = await grid.IngestAsync(happened, default);
            Assert.True(receipt.Outcome == (isNew ? EventOutcome.Accepted : EventOutcome.Duplicate), $"{happened.Type}: {receipt.ValidationError}");
        }

        foreach (var (time, entity, feature, expected) in Numbers)
        {
            var read = (await ReadAsync(grid, time, entity, feature)).Value;
            Assert.True(double.IsNaN(expected) ? double.IsNaN(read) : Math.Abs(read - expected) < 1e-9, $"{entity} {feature} at {time}: {expected} expected, {read} read");
        }

        foreach (var (time, entity, feature, expected) in Texts)
        {
            var read = (await ReadAsync(grid, time, entity, feature)).Text;
            Assert.True(read == expected, $"{entity} {feature} at {time}: {expected} expected, {read} read");
        }
    }

    private static async Task<FeatureReading> ReadAsync(EmbeddedGrid grid, string time, string entity, string feature) =>
        (await grid.ReadFeaturesAsync(new(entity.Split('/')[0], entity.Split('/')[1]), Afternoon.At(time), default))[feature];

    private static IEnumerable<(Event Happened, bool IsNew)> Told(int? seed)
    {
        if (seed is null)
        {
            return Afternoon.Events.Select(happened => (happened, true));
        }

        var shuffled = Afternoon.Events.ToArray();
        new Random(seed.Value).Shuffle(shuffled);
        return shuffled.SelectMany((happened, place) => place % 3 == 0 ? new[] { (happened, true), (happened, false) } : [(happened, true)]);
    }
}

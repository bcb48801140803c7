using Grid.Json;
using Grid.Simulation.Eats;

namespace Grid.Silo.Demo.Eats;

/// <summary>The nightly job of the demo: of each user the cuisine that was ordered most in the 30 days before midnight, as a file of the batch feature <c>user.favourite_cuisine</c>.</summary>
internal static class EatsTastes
{
    public const string FileName = "favourite_cuisine.ndjson";

    /// <summary>How long after midnight it is loaded.</summary>
    public static readonly TimeSpan LoadedAfter = TimeSpan.FromHours(3);

    private const int Days = 30;

    /// <summary>Writes the file and loads what is in it.</summary>
    public static async Task<BatchReceipt> LoadAsync(
        IEnumerable<CityEvent> history, DateTimeOffset midnight, string path, DemoCaller caller, CancellationToken cancellation)
    {
        await File.WriteAllBytesAsync(path, BatchJson.Write(Make(history, midnight)), cancellation);
        return await caller.LoadAsync("user", await File.ReadAllBytesAsync(path, cancellation), cancellation);
    }

    /// <summary>Of what was ordered equally often, the first by name.</summary>
    public static BatchFile Make(IEnumerable<CityEvent> history, DateTimeOffset midnight) => new(
        "user",
        ["favourite_cuisine"],
        [
            .. history.Where(happened => happened.Type == "order_placed" && happened.At > midnight.AddDays(-Days) && happened.At <= midnight)
                .GroupBy(order => order.User!, StringComparer.Ordinal)
                .OrderBy(orders => orders.Key, StringComparer.Ordinal)
                .Select(orders => new BatchRow(orders.Key, EventTime.From(midnight), [Favourite(orders)])),
        ]);

    private static string Favourite(IEnumerable<CityEvent> orders) => orders.GroupBy(order => order.Cuisine!, StringComparer.Ordinal)
        .OrderByDescending(cuisine => cuisine.Count()).ThenBy(cuisine => cuisine.Key, StringComparer.Ordinal).First().Key;
}

using Grid.Cli;
using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Simulation.Eats;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Eats;

/// <summary>The simulated city through the grid: its file is read whole, and what is open, free and busy equals a brute-force recount.</summary>
public sealed class CityTests
{
    private const int Instants = 400;
    private static readonly CitySimulationOptions Small = new() { Restaurants = 40, Users = 400, Couriers = 24, Days = 2, Seed = 5 };

    [Fact]
    public async Task Its_file_is_replayed_with_an_arrival_time_for_each_order()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "city.csv.gz");
        var placed = CitySimulation.Events(Small).Count(happened => happened.Type == "order_placed");

        await RunAsync("simulate", "eats", "--out", file, "--restaurants", "40", "--users", "400", "--couriers", "24", "--days", "2", "--seed", "5");
        var told = await RunAsync("replay", file, "--bundle", Repository.Bundle("eats"), "--source", "city", "--decision", "eta");

        Assert.Matches(@"rejected +0\n", told);
        Assert.Matches($@"decisions +{placed}\n", told);
        Assert.Matches($@"promise +{placed}\n", told);
    }

    [Theory]
    [InlineData(1)]
    public async Task Couriers_and_open_orders_equal_a_recount_at_random_instants(int seed)
    {
        var events = CitySimulation.Events(Small).Where(happened => happened.Type != CityEvent.Shown).ToList();
        using var folder = new TemporaryFolder();
        await using var grid = EmbeddedGrid.Open(BundleReader.Read(Repository.Bundle("eats")), new() { Folder = folder.Path, Durability = Durability.Received }, TimeProvider.System);
        foreach (var happened in events)
        {
            Assert.Equal(EventOutcome.Accepted, (await grid.IngestAsync(happened.ToEvent(), default)).Outcome);
        }

        var random = new Random(seed);
        var (busiest, most) = (0.0, 0.0);
        for (var i = 0; i < Instants; i++)
        {
            // Every fourth is the very moment of an event.
            var at = i % 4 == 0 ? events[random.Next(events.Count)].At : Small.Start.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddMilliseconds(random.NextInt64(2 * 86_400_000L));
            var area = City.Areas[random.Next(City.Areas.Count)];
            var restaurant = $"r{random.Next(Small.Restaurants)}";
            var read = await grid.ReadFeaturesAsync(new("courier_area", area), EventTime.From(at), default);
            var (free, busy) = Couriers(events, area, at);
            var open = Open(events, happened => happened.CourierArea == area, at);

            Assert.Equal((free, busy, open), (read["free_couriers"].Value, read["busy_couriers"].Value, read["open_orders"].Value));
            Assert.Equal(
                Open(events, happened => happened.Restaurant == restaurant, at),
                (await grid.ReadFeaturesAsync(new("restaurant", restaurant), EventTime.From(at), default))["open_orders"].Value);
            (busiest, most) = (Math.Max(busiest, busy), Math.Max(most, open));
        }

        Assert.True(busiest >= 3 && most >= 3, "The city was at work.");
    }

    // Of each courier the latest that the area was told counts: that he delivered or is free (for an hour), that he is at a restaurant or busy (for three).
    private static (double Free, double Busy) Couriers(List<CityEvent> events, string area, DateTimeOffset at)
    {
        var latest = events
            .Where(happened => happened.CourierArea == area && happened.At <= at && happened.Type is "courier_status" or "courier_arrived" or "order_delivered")
            .GroupBy(happened => happened.Courier).Select(courier => courier.Last()).ToList();
        return (
            latest.Count(last => last.At > at.AddHours(-1) && (last.Type == "order_delivered" || last.Status == "free")),
            latest.Count(last => last.At > at.AddHours(-3) && (last.Type == "courier_arrived" || last.Status == "busy")));
    }

    private static double Open(List<CityEvent> events, Func<CityEvent, bool> of, DateTimeOffset at)
    {
        var ended = events.Where(happened => happened.At <= at && happened.Type is "order_delivered" or "order_cancelled").Select(happened => happened.Id).ToHashSet();
        return events.Count(happened => happened.Type == "order_placed" && of(happened) && happened.At <= at && happened.At > at.AddHours(-6) && !ended.Contains(happened.Id));
    }

    private static async Task<string> RunAsync(params string[] command)
    {
        var (told, error) = (new StringWriter(), new StringWriter());
        var code = await GridCommand.RunAsync(command, new(TextReader.Null, told, error, IsInteractive: false), TestContext.Current.CancellationToken);
        Assert.True(code == 0, error.ToString());
        return told.ToString();
    }
}

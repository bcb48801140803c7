using Grid.Simulation.Eats;

namespace Grid.Simulation.Tests;

public sealed class CitySimulationTests
{
    private static readonly CitySimulationOptions Small = new() { Restaurants = 60, Users = 300, Couriers = 24, Days = 6, Seed = 3 };
    private static readonly List<CityEvent> Stream = [.. CitySimulation.Events(Small)];

    [Fact]
    public void A_seed_is_one_stream()
    {
        Assert.Equal(Stream, CitySimulation.Events(Small));
        Assert.NotEqual(Stream.Select(e => e.At), CitySimulation.Events(Small with { Seed = 4 }).Select(e => e.At));
    }

    /// <summary>What seed 3 means is for ever: simulated files and the figures told of them are compared across versions.</summary>
    [Fact]
    public void The_rows_of_a_seed_are_frozen()
    {
        using var writer = new StringWriter();
        Assert.Equal(Stream.Count, CityCsv.Write(writer, Stream, CancellationToken.None));
        var lines = writer.ToString().Split('\n');

        Assert.Equal("event,id,at,user,restaurant,courier_area,courier,is_asap,order_total,discount,cuisine,placed_at,searched,basket,stars,status,lat,lon,search,distance_km,chosen", lines[0]);
        Assert.Equal("restaurant_closed,r0-0m,2026-03-02T00:00:00.000Z,,r0,,,,,,,,,,,,,,,,", lines[1]);
        Assert.Equal(FrozenSearch, lines.First(line => line.StartsWith("search,", StringComparison.Ordinal)));
        Assert.Equal(FrozenDelivery, lines.Last(line => line.StartsWith("order_delivered,", StringComparison.Ordinal)));
        Assert.Equal("", lines[^1]);
    }

    private const string FrozenSearch = "search,s185-0-1-0,2026-03-02T09:48:43.919Z,u185,,,,,,,,,mexican,67.65,,,,,,,";
    private const string FrozenDelivery = "order_delivered,o535,2026-03-07T21:59:59.922Z,u229,r35,hill,c3,true,,,,2026-03-07T21:33:55.304Z,,,,,,,,,";

    [Fact]
    public void A_longer_simulation_begins_with_the_shorter_one() =>
        Assert.Equal(Stream, CitySimulation.Events(Small with { Days = 8 }).Take(Stream.Count));

    [Fact]
    public void The_stream_is_in_order_inside_its_days_and_every_id_is_of_one_event()
    {
        Assert.All(Stream.Zip(Stream.Skip(1)), pair => Assert.True(pair.First.At <= pair.Second.At));
        Assert.All(Stream, e => Assert.InRange(e.At, new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 8, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(Stream.Count, Stream.Select(e => (e.Type, e.Id)).Distinct().Count());
    }

    [Fact]
    public void An_order_is_placed_accepted_ready_picked_up_and_delivered_or_cancelled()
    {
        string[] life = ["order_placed", "order_accepted", "order_ready", "order_picked_up", "order_delivered"];
        var end = new DateTimeOffset(2026, 3, 7, 22, 0, 0, TimeSpan.Zero);
        var orders = Stream.Where(e => life.Contains(e.Type) || e.Type is "order_cancelled" or "courier_arrived").GroupBy(e => e.Id).ToList();

        Assert.True(orders.Count > 300);
        foreach (var order in orders.Where(order => order.First().At < end))
        {
            var types = order.Select(e => e.Type).ToList();
            Assert.Single(order.Select(e => (e.User, e.Restaurant, e.CourierArea)).Distinct());
            if (types.Contains("order_cancelled"))
            {
                Assert.DoesNotContain("order_picked_up", types);
                Assert.Equal("order_cancelled", types[^1]);
            }
            else
            {
                Assert.Equal(life, types.Where(life.Contains));
                Assert.True(types.IndexOf("courier_arrived") < types.IndexOf("order_picked_up"));
                Assert.Equal(order.First().At, order.Last().PlacedAt);
                Assert.Single(order.Select(e => e.Courier).OfType<string>().Distinct());
            }
        }
    }

    [Fact]
    public void A_courier_is_told_busy_while_he_has_an_order_and_has_one_at_a_time()
    {
        foreach (var courier in Stream.Where(e => e.Courier is not null).GroupBy(e => e.Courier))
        {
            var (status, order) = ("off", (string?)null);
            foreach (var told in courier)
            {
                switch (told.Type)
                {
                    case "courier_status":
                        Assert.True(order is null, $"{courier.Key} said {told.Status} with {order} at {told.At:O}");
                        status = told.Status;
                        break;
                    case "courier_arrived":
                        Assert.Equal("busy", status);
                        order = told.Id;
                        break;
                    default:
                        Assert.Equal((told.Id, "busy"), (order, status));
                        order = told.Type == "order_delivered" ? null : order;
                        break;
                }
            }
        }
    }

    [Fact]
    public void Couriers_move()
    {
        var places = Stream.Where(e => e.Type == "courier_status").GroupBy(e => e.Courier).Select(courier => courier.Select(e => (e.Latitude, e.Longitude)).Distinct().Count());

        Assert.Equal(24, places.Count());
        Assert.All(places, count => Assert.True(count > 12));
        Assert.Equal(City.Areas.Order(), Stream.Where(e => e.Type == "courier_status").Select(e => e.CourierArea).Distinct().Order());
    }

    [Fact]
    public void Only_open_restaurants_in_range_are_shown_and_at_most_one_is_chosen()
    {
        var open = new HashSet<string>();
        foreach (var told in Stream.Where(e => e.Type is "restaurant_opened" or "restaurant_closed" or CityEvent.Shown))
        {
            if (told.Type == CityEvent.Shown)
            {
                Assert.Contains(told.Restaurant!, open);
                Assert.InRange(told.DistanceKilometres!.Value, 0, 8);
            }
            else if (told.Type == "restaurant_opened")
            {
                open.Add(told.Restaurant!);
            }
            else
            {
                open.Remove(told.Restaurant!);
            }
        }

        Assert.All(Searches(), search => Assert.InRange(search.Count(), 1, 20));
        Assert.All(Searches(), search => Assert.InRange(search.Count(e => e.Chosen == true), 0, 1));
        Assert.All(Searches(), search => Assert.Equal(search.Count(), search.Select(e => e.Restaurant).Distinct().Count()));
    }

    [Fact]
    public void Three_of_ten_searches_end_in_an_order_and_what_is_wanted_near_and_well_rated_is_chosen()
    {
        var searches = Searches().ToList();
        var ordered = searches.Where(search => search.Any(e => e.Chosen == true)).ToList();
        var byName = ordered.Where(search => search.Any(e => e.Searched == e.Cuisine)).ToList();

        Assert.InRange((double)ordered.Count / searches.Count, 0.2, 0.45);
        Assert.InRange(byName.Average(search => Chosen(search).Cuisine == Chosen(search).Searched ? 1 : 0), 0.7, 1);
        Assert.True(ordered.Average(search => Chosen(search).DistanceKilometres) < 0.9m * ordered.Average(search => search.Average(e => e.DistanceKilometres)));

        static CityEvent Chosen(IEnumerable<CityEvent> search) => search.Single(e => e.Chosen == true);
    }

    [Fact]
    public void Evenings_are_busiest_three_of_ten_orders_are_rated_and_few_are_cancelled()
    {
        var placed = Stream.Where(e => e.Type == "order_placed").ToList();
        var stars = Stream.Where(e => e.Type == "rating_given").Select(e => e.Stars!.Value).ToList();

        Assert.True(placed.Count(e => e.At.Hour is >= 17 and < 21) > 1.5 * placed.Count(e => e.At.Hour is >= 11 and < 15));
        Assert.InRange((double)stars.Count / placed.Count, 0.22, 0.36);
        Assert.InRange(stars.Average(), 3.3, 4.4);
        Assert.InRange((double)Stream.Count(e => e.Type == "order_cancelled") / placed.Count, 0.01, 0.15);
        Assert.All(placed, e => Assert.True(e.OrderTotal > 0 && e.Discount < e.OrderTotal && decimal.Round(e.OrderTotal!.Value, 2) == e.OrderTotal));
    }

    [Fact]
    public void Kitchens_take_longer_the_more_they_have_to_do()
    {
        var accepted = Stream.Where(e => e.Type == "order_accepted").ToDictionary(e => e.Id);
        var ready = Stream.Where(e => e.Type == "order_ready").ToDictionary(e => e.Id);
        var seconds = ready.Values.GroupBy(e => e.Restaurant).Where(kitchen => kitchen.Count() >= 8).SelectMany(kitchen =>
        {
            var mean = kitchen.Average(e => (e.At - accepted[e.Id].At).TotalSeconds);
            return kitchen.Select(e => (
                Slower: (e.At - accepted[e.Id].At).TotalSeconds / mean,
                Others: accepted.Values.Count(o => o.Restaurant == e.Restaurant && o.Id != e.Id && o.At < accepted[e.Id].At && ready.TryGetValue(o.Id, out var r) && r.At > accepted[e.Id].At)));
        }).ToList();

        Assert.True(seconds.Where(s => s.Others > 0).Average(s => s.Slower) > 1.03 * seconds.Where(s => s.Others == 0).Average(s => s.Slower));
    }

    [Fact]
    public void An_event_is_told_with_the_fields_that_it_has()
    {
        var told = Stream.First(e => e.Type == "order_delivered").ToEvent();
        var search = Stream.First(e => e is { Type: "search", Searched: null }).ToEvent();

        Assert.Equal(["order_id", "at", "user", "restaurant", "courier_area", "courier", "is_asap", "placed_at"], told.Names.ToArray());
        Assert.Equal(FieldType.Timestamp, told["placed_at"].Given);
        Assert.Equal(["search_id", "at", "user", "basket"], search.Names.ToArray());
        Assert.Contains("shown", Assert.Throws<InvalidOperationException>(() => Stream.First(e => e.Type == CityEvent.Shown).ToEvent()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(1, 1, 1, -1)]
    public void A_city_that_cannot_be_is_refused(int restaurants, int users, int couriers, int days) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CitySimulation.Events(new CitySimulationOptions { Restaurants = restaurants, Users = users, Couriers = couriers, Days = days }));

    private static IEnumerable<IGrouping<string?, CityEvent>> Searches() => Stream.Where(e => e.Type == CityEvent.Shown).GroupBy(e => e.Search);
}

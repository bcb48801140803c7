namespace Grid.Simulation.Eats;

/// <summary>Who is there. All of it follows from the options: the same options are the same city.</summary>
internal sealed class City
{
    /// <summary>The map is a square of this side.</summary>
    public const double SideKilometres = 12;

    /// <summary>No restaurant delivers farther.</summary>
    public const double RangeKilometres = 8;

    private static readonly string[] AllCuisines =
        ["pizza", "burgers", "sushi", "thai", "indian", "chinese", "mexican", "greek", "vietnamese", "salads", "bakery", "steaks"];

    private static readonly string[] AllAreas = ["old_town", "harbour", "mills", "hill"];

    /// <exception cref="ArgumentOutOfRangeException">An option is outside what its summary allows.</exception>
    public City(CitySimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
        Restaurants = [.. Enumerable.Range(0, options.Restaurants).Select(NewRestaurant)];
        Users = [.. Enumerable.Range(0, options.Users).Select(NewUser)];
        Couriers = [.. Enumerable.Range(0, options.Couriers).Select(NewCourier)];
    }

    public CitySimulationOptions Options { get; }

    /// <summary>By number.</summary>
    public static IReadOnlyList<string> Cuisines => AllCuisines;

    /// <summary>By number; the four quarters of the map.</summary>
    public static IReadOnlyList<string> Areas => AllAreas;

    public IReadOnlyList<CityRestaurant> Restaurants { get; }

    public IReadOnlyList<CityUser> Users { get; }

    public IReadOnlyList<CityCourier> Couriers { get; }

    public static int AreaOf(CityPlace place) => (place.X < SideKilometres / 2 ? 0 : 1) + (place.Y < SideKilometres / 2 ? 0 : 2);

    internal RandomStream Stream(Purpose purpose, int thing, int day) => new(Options.Seed, (int)purpose, thing, day);

    private CityRestaurant NewRestaurant(int id)
    {
        var random = Stream(Purpose.Restaurant, id, 0);
        var place = PlaceOf(ref random);
        return new(
            id, place, AreaOf(place), random.Below(AllCuisines.Length), Math.Clamp(random.Normal(3.9, 0.5), 2, 5),
            60 * Math.Clamp(random.Normal(14, 5), 4, 35), random.Uniform(8, 22), random.Below(2) + 10, random.Below(2) + 22);
    }

    private CityUser NewUser(int id)
    {
        var random = Stream(Purpose.User, id, 0);
        var place = PlaceOf(ref random);
        var tastes = new double[AllCuisines.Length];
        for (var i = 0; i < tastes.Length; i++)
        {
            tastes[i] = Math.Exp(random.Normal(0, 1.2));
        }

        var all = tastes.Sum();
        return new(id, place, [.. tastes.Select(taste => taste / all)], random.Uniform(0.1, 0.9), 1 + random.Below(4));
    }

    private CityCourier NewCourier(int id)
    {
        var random = Stream(Purpose.Courier, id, 0);
        var place = PlaceOf(ref random);

        // The evening needs most of them.
        return new(id, place, AreaOf(place), random.Below(3) == 0 ? 9 + random.Below(3) : 13 + random.Below(4));
    }

    private static CityPlace PlaceOf(ref RandomStream random) => new(random.Uniform(0, SideKilometres), random.Uniform(0, SideKilometres));

    /// <summary>What a random stream is for. The numbers are part of what a seed means: they never change.</summary>
    internal enum Purpose
    {
        Restaurant = 101,
        User = 102,
        Courier = 103,
        Sessions = 104,
        Session = 105,
        Order = 106,
        Shift = 107,
    }
}

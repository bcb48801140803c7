namespace Grid.Simulation.Eats;

/// <summary>A place on the map: kilometres from its south-western corner.</summary>
internal readonly record struct CityPlace(double X, double Y)
{
    public double KilometresTo(CityPlace other) => Math.Sqrt(((X - other.X) * (X - other.X)) + ((Y - other.Y) * (Y - other.Y)));
}

/// <summary>
/// A restaurant and its habits, which do not change: the stars that its guests would give it on average, before taste, lateness and chance; the
/// seconds that an order takes its kitchen when nothing else is to be done; what one person's meal comes to; the hours of the day when it opens and closes.
/// </summary>
internal sealed record CityRestaurant(
    int Id, CityPlace Place, int Area, int Cuisine, double Quality, double KitchenSeconds, double Price, int Opens, int Closes);

/// <summary>
/// A user and the user's habits, which do not change: how often each cuisine is wanted (together 1), how often a day the app is opened, on average,
/// and for how many persons.
/// </summary>
internal sealed record CityUser(int Id, CityPlace Place, IReadOnlyList<double> Tastes, double SessionsPerDay, int Party);

/// <summary>A courier: where the shift begins, and at which hour of the day.</summary>
internal sealed record CityCourier(int Id, CityPlace Place, int Area, int Starts);

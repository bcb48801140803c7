namespace Grid.Simulation.Eats;

/// <summary>
/// A city of restaurants, users with tastes, and couriers that move, made up from a seed: searches and what they showed, orders with their whole
/// life, ratings, courier statuses. Nothing of it is real; what its users like and how they choose is in <c>CitySessions</c>.
/// </summary>
internal static class CitySimulation
{
    /// <summary>
    /// The whole stream in the order of time, made as it is read. It may be read any number of times and is the same each time. What is under way
    /// at the end of the last day is cut off.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what its summary allows.</exception>
    public static IEnumerable<CityEvent> Events(CitySimulationOptions options) => Events(new City(options));

    /// <inheritdoc cref="Events(CitySimulationOptions)"/>
    public static IEnumerable<CityEvent> Events(City city)
    {
        ArgumentNullException.ThrowIfNull(city);
        return Run(city);
    }

    private static IEnumerable<CityEvent> Run(City city)
    {
        var start = new DateTimeOffset(city.Options.Start.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var end = start.AddDays(city.Options.Days).ToUnixTimeMilliseconds();
        var scene = new CityScene(city, new(start.ToUnixTimeMilliseconds()));
        var kitchens = new CityKitchens(scene);
        var orders = new CityOrders(scene, kitchens);
        var sessions = new CitySessions(scene, kitchens, orders);
        scene.Agenda.At(scene.Start, () => PlanDay(0));
        while (scene.Agenda.TryRun(end))
        {
            while (scene.Told.TryDequeue(out var happened))
            {
                yield return happened;
            }
        }

        void PlanDay(int day)
        {
            var midnight = scene.Agenda.Now;
            kitchens.PlanDay(day);
            orders.Fleet.PlanDay(day);
            sessions.PlanDay(day);
            scene.Agenda.At(midnight + 86_400_000, () => PlanDay(day + 1));
        }
    }
}

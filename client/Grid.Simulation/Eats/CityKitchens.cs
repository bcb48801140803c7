namespace Grid.Simulation.Eats;

/// <summary>Restaurants at work: when they are open, what they have to do, and what their guests have said so far.</summary>
internal sealed class CityKitchens(CityScene scene)
{
    private const int HalfHour = 1_800_000;
    private readonly bool[] _open = new bool[scene.City.Restaurants.Count];
    private readonly int[] _toDo = new int[scene.City.Restaurants.Count];
    private readonly (double Stars, int Count)[] _ratings = new (double, int)[scene.City.Restaurants.Count];
    private readonly Queue<long>[] _recent = [.. scene.City.Restaurants.Select(_ => new Queue<long>())];

    public bool IsOpen(int restaurant) => _open[restaurant];

    /// <summary>Orders placed and not yet ready.</summary>
    public int ToDo(int restaurant) => _toDo[restaurant];

    /// <summary>The stars that the app shows: a few of 3.8 stand for those not yet given.</summary>
    public double StarsShown(int restaurant) => (_ratings[restaurant].Stars + (5 * 3.8)) / (_ratings[restaurant].Count + 5);

    /// <summary>Orders of the last half hour.</summary>
    public int Recent(int restaurant)
    {
        var placed = _recent[restaurant];
        while (placed.TryPeek(out var first) && first <= scene.Agenda.Now - HalfHour)
        {
            placed.Dequeue();
        }

        return placed.Count;
    }

    /// <summary>Plans when each opens and closes on a day. On the first, all begin closed.</summary>
    public void PlanDay(int day)
    {
        var midnight = scene.Agenda.Now;
        foreach (var restaurant in scene.City.Restaurants)
        {
            if (day == 0)
            {
                Turn(restaurant.Id, day, open: false);
            }

            scene.Agenda.At(midnight + (restaurant.Opens * 3_600_000L), () => Turn(restaurant.Id, day, open: true));
            scene.Agenda.At(midnight + (restaurant.Closes * 3_600_000L), () => Turn(restaurant.Id, day, open: false));
        }
    }

    public void Placed(CityOrder order)
    {
        _toDo[order.Restaurant.Id]++;
        _recent[order.Restaurant.Id].Enqueue(scene.Agenda.Now);
    }

    /// <summary>The order is ready, or need not be made.</summary>
    public void Done(CityOrder order) => _toDo[order.Restaurant.Id]--;

    public void Rated(int restaurant, int stars) => _ratings[restaurant] = (_ratings[restaurant].Stars + stars, _ratings[restaurant].Count + 1);

    /// <summary>How long the kitchen takes for an order that it begins now: longer the more it has to do.</summary>
    public double Seconds(CityOrder order) =>
        order.Restaurant.KitchenSeconds * (1 + (0.1 * (_toDo[order.Restaurant.Id] - 1))) * Math.Exp(order.Random.Normal(0, 0.25));

    private void Turn(int restaurant, int day, bool open)
    {
        _open[restaurant] = open;
        var midnight = !open && day == 0 && scene.Agenda.Now == scene.Start ? "m" : "";
        scene.Tell(scene.Now(open ? "restaurant_opened" : "restaurant_closed", $"r{restaurant}-{day}{midnight}") with { Restaurant = CityScene.RestaurantKey(restaurant) });
    }
}

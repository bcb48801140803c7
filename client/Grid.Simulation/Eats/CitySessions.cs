namespace Grid.Simulation.Eats;

/// <summary>Users at the app: they search, are shown restaurants in a random order, and choose one or none.</summary>
internal sealed class CitySessions(CityScene scene, CityKitchens kitchens, CityOrders orders)
{
    /// <summary>How many restaurants a search shows at most.</summary>
    public const int MostShown = 20;

    private const double Nothing = 5.6;

    /// <summary>Plans when users open the app on a day: before lunch, before dinner, or at any hour.</summary>
    public void PlanDay(int day)
    {
        var midnight = scene.Agenda.Now;
        foreach (var user in scene.City.Users)
        {
            var random = scene.City.Stream(City.Purpose.Sessions, user.Id, day);
            var sessions = Math.Min(random.Poisson(user.SessionsPerDay), 9);
            for (var number = 0; number < sessions; number++)
            {
                var hour = random.Below(10) switch
                {
                    0 => random.Uniform(9, 22),
                    < 4 => random.Normal(12.3, 0.8),
                    _ => random.Normal(18.8, 1.2),
                };
                if (hour is > 8 and < 22)
                {
                    var (n, at) = (number, midnight + (long)(hour * 3_600_000));
                    scene.Agenda.At(at, () => Begin(user, day, n));
                }
            }
        }
    }

    private void Begin(CityUser user, int day, int number)
    {
        var random = scene.City.Stream(City.Purpose.Session, user.Id, (day * 16) + number);
        var wanted = Draw(user.Tastes, ref random);
        var basket = Math.Round((decimal)(user.Party * 15 * Math.Exp(random.Normal(0, 0.3))), 2);
        Search(user, $"s{user.Id}-{day}-{number}", 0, wanted, basket, random);
    }

    private void Search(CityUser user, string session, int turn, int wanted, decimal basket, RandomStream random)
    {
        // Who looks for a cuisine by name does so first; a second look is mostly at the home screen.
        var byName = random.Below(10) < (turn == 0 ? 4 : 2);
        var id = $"{session}-{turn}";
        scene.Tell(scene.Now("search", id) with { User = CityScene.UserKey(user.Id), Searched = byName ? City.Cuisines[wanted] : null, Basket = basket });
        var shown = Shown(user, ref random);
        var chosen = Choose(user, shown, wanted, byName, (double)basket, ref random);
        foreach (var (restaurant, place) in shown.Select((restaurant, place) => (restaurant, place)))
        {
            scene.Tell(scene.Now(CityEvent.Shown, $"{id}-{place}") with
            {
                User = CityScene.UserKey(user.Id),
                Search = id,
                Searched = byName ? City.Cuisines[wanted] : null,
                Basket = basket,
                Restaurant = CityScene.RestaurantKey(restaurant.Id),
                CourierArea = City.Areas[restaurant.Area],
                Cuisine = City.Cuisines[restaurant.Cuisine],
                DistanceKilometres = Math.Round((decimal)user.Place.KilometresTo(restaurant.Place), 3),
                Chosen = restaurant == chosen,
            });
        }

        if (chosen is not null)
        {
            var total = Math.Round((decimal)(user.Party * chosen.Price * Math.Exp(random.Normal(0, 0.15))), 2);
            scene.Agenda.In(random.Uniform(20, 180), () => orders.Place(user, chosen, total));
        }
        else if (turn < 2 && random.Below(2) == 0)
        {
            var rest = random;
            scene.Agenda.In(random.Uniform(30, 900), () => Search(user, session, turn + 1, wanted, basket, rest));
        }
    }

    /// <summary>Some of the open restaurants in range, in a random order, so that no place on the screen is better than another.</summary>
    private List<CityRestaurant> Shown(CityUser user, ref RandomStream random)
    {
        var near = scene.City.Restaurants
            .Where(restaurant => kitchens.IsOpen(restaurant.Id) && user.Place.KilometresTo(restaurant.Place) <= City.RangeKilometres).ToList();
        for (var i = 0; i < Math.Min(near.Count, MostShown); i++)
        {
            var other = i + random.Below(near.Count - i);
            (near[i], near[other]) = (near[other], near[i]);
        }

        return near.Count > MostShown ? near[..MostShown] : near;
    }

    /// <summary>The one that is worth most to the user at this moment, or none: what each is worth, and a chance of its own.</summary>
    private CityRestaurant? Choose(CityUser user, List<CityRestaurant> shown, int wanted, bool byName, double basket, ref RandomStream random)
    {
        var (best, most) = ((CityRestaurant?)null, Nothing + Luck(ref random));
        foreach (var restaurant in shown)
        {
            var worth = Worth(user, restaurant, wanted, byName, basket) + Luck(ref random);
            (best, most) = worth > most ? (restaurant, worth) : (best, most);
        }

        return best;
    }

    private double Worth(CityUser user, CityRestaurant restaurant, int wanted, bool byName, double basket)
    {
        var distance = user.Place.KilometresTo(restaurant.Place);
        var taste = Math.Clamp(0.6 * Math.Log(user.Tastes[restaurant.Cuisine] * City.Cuisines.Count), -1.5, 1.5);
        var wish = restaurant.Cuisine != wanted ? 0 : byName ? 4.5 : 2.2;
        var minutes = (restaurant.KitchenSeconds * (1 + (0.1 * kitchens.ToDo(restaurant.Id))) / 60) + (4 * distance) + (orders.Fleet.WaitSeconds(restaurant.Area) / 60);
        var trend = 0.4 * Math.Log(1 + kitchens.Recent(restaurant.Id));
        var dear = Math.Abs(Math.Log(user.Party * restaurant.Price / basket));
        return 2 + taste + wish + (1.4 * (kitchens.StarsShown(restaurant.Id) - 3.8)) - (0.06 * (minutes - 35)) - (0.1 * distance) + trend - (0.6 * dear);
    }

    private static int Draw(IReadOnlyList<double> weights, ref RandomStream random)
    {
        var left = random.Uniform(0, 1);
        for (var i = 0; i < weights.Count - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        return weights.Count - 1;
    }

    /// <summary>A Gumbel variable: with it the chance of being chosen is the logit of what is worth more.</summary>
    private static double Luck(ref RandomStream random) => -Math.Log(-Math.Log(random.Uniform(1e-12, 1)));
}

namespace Grid.Simulation.Eats;

/// <summary>The life of an order: placed, accepted or cancelled, made, picked up, delivered, and now and then rated.</summary>
internal sealed class CityOrders
{
    private readonly CityScene _scene;
    private readonly CityKitchens _kitchens;
    private readonly CityFleet _fleet;
    private int _placed;

    public CityOrders(CityScene scene, CityKitchens kitchens)
    {
        (_scene, _kitchens) = (scene, kitchens);
        _fleet = new(scene) { Delivered = Rate, GivenUp = Cancel };
    }

    public CityFleet Fleet => _fleet;

    public static CityEvent Event(CityScene scene, string type, CityOrder order) => scene.Now(type, $"o{order.Number}") with
    {
        User = CityScene.UserKey(order.User.Id),
        Restaurant = CityScene.RestaurantKey(order.Restaurant.Id),
        CourierArea = City.Areas[order.Restaurant.Area],
    };

    public void Place(CityUser user, CityRestaurant restaurant, decimal total)
    {
        var number = _placed++;
        var order = new CityOrder(number, user, restaurant, _scene.City.Stream(City.Purpose.Order, number, 0)) { PlacedAt = _scene.Agenda.Now };
        _kitchens.Placed(order);
        var discount = order.Random.Below(10) == 0 ? Math.Round(total / 10, 2) : 0;
        _scene.Tell(Event(_scene, "order_placed", order) with { OrderTotal = total, Discount = discount, Cuisine = City.Cuisines[restaurant.Cuisine] });

        // Withdrawn or refused before the kitchen begins, 3 of 100.
        var isCancelled = order.Random.Below(100) < 3;
        _scene.Agenda.In(order.Random.Uniform(20, 150), () =>
        {
            if (isCancelled)
            {
                _kitchens.Done(order);
                Cancel(order);
            }
            else
            {
                Accept(order);
            }
        });
    }

    private void Accept(CityOrder order)
    {
        _scene.Tell(Event(_scene, "order_accepted", order));
        _scene.Agenda.In(_kitchens.Seconds(order), () =>
        {
            _kitchens.Done(order);
            if (order.IsCancelled)
            {
                return;
            }

            order.IsReady = true;
            _scene.Tell(Event(_scene, "order_ready", order));
            _fleet.PickUpIfPossible(order);
        });
        _fleet.Want(order);
    }

    private void Cancel(CityOrder order)
    {
        order.IsCancelled = true;
        _scene.Tell(Event(_scene, "order_cancelled", order));
    }

    /// <summary>Three users of ten say what they think, within two hours: of the restaurant, of how it meets their taste, and of how late it was.</summary>
    private void Rate(CityOrder order)
    {
        if (order.Random.Below(10) >= 3)
        {
            return;
        }

        var late = Math.Max(0, ((_scene.Agenda.Now - order.PlacedAt) / 60_000.0) - 50);
        var taste = Math.Clamp(0.25 * Math.Log(order.User.Tastes[order.Restaurant.Cuisine] * City.Cuisines.Count), -0.6, 0.6);
        var stars = Math.Clamp((int)Math.Round(order.Restaurant.Quality + taste - (0.03 * late) + order.Random.Normal(0, 0.8)), 1, 5);
        _scene.Agenda.In(order.Random.Uniform(900, 7_200), () =>
        {
            _kitchens.Rated(order.Restaurant.Id, stars);
            _scene.Tell(Event(_scene, "rating_given", order) with { CourierArea = null, Stars = stars });
        });
    }
}

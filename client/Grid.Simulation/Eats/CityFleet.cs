namespace Grid.Simulation.Eats;

/// <summary>Couriers at work: their shifts, who takes which order, and where they are.</summary>
internal sealed class CityFleet(CityScene scene)
{
    private const double SecondsPerKilometre = 200;
    private const double PositionEvery = 900;
    private const long Shift = 8 * 3_600_000L;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(45);

    private readonly CityCourierState[] _couriers = [.. scene.City.Couriers.Select(courier => new CityCourierState(courier))];
    private readonly List<CityOrder>[] _waiting = [.. City.Areas.Select(_ => new List<CityOrder>())];

    /// <summary>Is told of an order that a courier is there for and that is ready: picks it up, and delivers it.</summary>
    public required Action<CityOrder> Delivered { get; init; }

    /// <summary>Is told of an order that no courier came for.</summary>
    public required Action<CityOrder> GivenUp { get; init; }

    /// <summary>How long an order waits for a courier of the area, roughly, as the app would guess it.</summary>
    public double WaitSeconds(int area)
    {
        var free = _couriers.Count(courier => courier.Area == area && courier.Status == CityCourierStatus.Free);
        return free > 0 ? 0 : 300 * (1 + _waiting[area].Count);
    }

    /// <summary>Plans the shifts of a day.</summary>
    public void PlanDay(int day)
    {
        foreach (var courier in _couriers)
        {
            var random = scene.City.Stream(City.Purpose.Shift, courier.Profile.Id, day);
            var starts = scene.Agenda.Now + (courier.Profile.Starts * 3_600_000L) + random.Below(1_800_000);
            scene.Agenda.At(starts, () =>
            {
                courier.EndsAt = starts + Shift;
                (courier.Place, courier.Area) = (courier.Profile.Place, courier.Profile.Area);
                BecomeFree(courier);
                scene.Agenda.At(courier.EndsAt, () => EndIfFree(courier));
            });
        }
    }

    /// <summary>Wants a courier for an order: the nearest who is free takes it, or the first to become so.</summary>
    public void Want(CityOrder order)
    {
        var nearest = _couriers.Where(courier => courier.Area == order.Restaurant.Area && courier.Status == CityCourierStatus.Free)
            .MinBy(courier => (courier.Place.KilometresTo(order.Restaurant.Place), courier.Profile.Id));
        if (nearest is not null)
        {
            Assign(order, nearest);
            return;
        }

        _waiting[order.Restaurant.Area].Add(order);
        scene.Agenda.In(LongestWait.TotalSeconds, () =>
        {
            if (_waiting[order.Restaurant.Area].Remove(order))
            {
                GivenUp(order);
            }
        });
    }

    /// <summary>The order is ready or its courier is there: with both, it is picked up.</summary>
    public void PickUpIfPossible(CityOrder order)
    {
        if (order is not { IsReady: true, IsCourierThere: true, Courier: { } courier })
        {
            return;
        }

        scene.Agenda.In(30 + order.Random.Uniform(0, 60), () =>
        {
            scene.Tell(CityOrders.Event(scene, "order_picked_up", order) with { Courier = CityScene.CourierKey(courier.Profile.Id) });
            scene.Agenda.In(TravelSeconds(order, courier.Place, order.User.Place), () => Deliver(order, courier));
        });
    }

    private void Assign(CityOrder order, CityCourierState courier)
    {
        order.Courier = courier;
        Change(courier, CityCourierStatus.Busy);
        scene.Agenda.In(TravelSeconds(order, courier.Place, order.Restaurant.Place), () =>
        {
            courier.Place = order.Restaurant.Place;
            order.IsCourierThere = true;
            scene.Tell(CityOrders.Event(scene, "courier_arrived", order) with { Courier = CityScene.CourierKey(courier.Profile.Id) });
            PickUpIfPossible(order);
        });
    }

    private void Deliver(CityOrder order, CityCourierState courier)
    {
        courier.Place = order.User.Place;
        scene.Tell(CityOrders.Event(scene, "order_delivered", order) with
        {
            Courier = CityScene.CourierKey(courier.Profile.Id),
            PlacedAt = DateTimeOffset.FromUnixTimeMilliseconds(order.PlacedAt),
        });
        Delivered(order);
        scene.Agenda.In(2 + order.Random.Uniform(0, 30), () =>
        {
            if (scene.Agenda.Now >= courier.EndsAt)
            {
                Change(courier, CityCourierStatus.Off);
            }
            else
            {
                BecomeFree(courier);
            }
        });
    }

    private void BecomeFree(CityCourierState courier)
    {
        Change(courier, CityCourierStatus.Free);
        var changes = courier.Changes;
        scene.Agenda.In(PositionEvery, () => TellPosition(courier, changes));
        if (_waiting[courier.Area] is [var first, ..])
        {
            _waiting[courier.Area].RemoveAt(0);

            // A moment later: at one moment a courier has one status.
            scene.Agenda.In(1, () => AssignOrWant(first, courier));
        }
    }

    private void AssignOrWant(CityOrder order, CityCourierState courier)
    {
        if (courier.Status == CityCourierStatus.Free)
        {
            Assign(order, courier);
        }
        else
        {
            Want(order);
        }
    }

    /// <summary>A free courier drifts to the middle of the area, and now and then to the next area.</summary>
    private void TellPosition(CityCourierState courier, int changes)
    {
        if (courier.Changes != changes)
        {
            return;
        }

        var random = scene.City.Stream(City.Purpose.Shift, courier.Profile.Id, -1 - courier.Told);
        if (random.Below(20) == 0)
        {
            Change(courier, CityCourierStatus.Off);
            courier.Area ^= 1;
            var off = courier.Changes;
            scene.Agenda.In(2, () =>
            {
                if (courier.Changes == off && scene.Agenda.Now < courier.EndsAt)
                {
                    BecomeFree(courier);
                }
            });
            return;
        }

        var (middleX, middleY) = (3 + (6 * (courier.Area & 1)), 3 + (3 * (courier.Area & 2)));
        courier.Place = new(
            (0.7 * courier.Place.X) + (0.3 * (middleX + random.Uniform(-1, 1))), (0.7 * courier.Place.Y) + (0.3 * (middleY + random.Uniform(-1, 1))));
        Change(courier, CityCourierStatus.Free);
        var next = courier.Changes;
        scene.Agenda.In(PositionEvery, () => TellPosition(courier, next));
    }

    private void EndIfFree(CityCourierState courier)
    {
        if (courier.Status == CityCourierStatus.Free && scene.Agenda.Now >= courier.EndsAt)
        {
            Change(courier, CityCourierStatus.Off);
        }
    }

    private void Change(CityCourierState courier, CityCourierStatus status)
    {
        courier.Status = status;
        courier.Changes++;
        scene.Tell(scene.Now("courier_status", $"c{courier.Profile.Id}-{courier.Told++}") with
        {
            Courier = CityScene.CourierKey(courier.Profile.Id),
            CourierArea = City.Areas[courier.Area],
            Status = status switch { CityCourierStatus.Free => "free", CityCourierStatus.Busy => "busy", _ => "off" },
            Latitude = Math.Round(48m + ((decimal)courier.Place.Y / 111.2m), 6),
            Longitude = Math.Round(11m + ((decimal)courier.Place.X / 74.4m), 6),
        });
    }

    private static double TravelSeconds(CityOrder order, CityPlace from, CityPlace to) =>
        60 + (SecondsPerKilometre * from.KilometresTo(to) * Math.Exp(order.Random.Normal(0, 0.15)));
}

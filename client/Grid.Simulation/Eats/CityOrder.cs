namespace Grid.Simulation.Eats;

/// <summary>An order on its way from being placed to being delivered.</summary>
internal sealed class CityOrder(int number, CityUser user, CityRestaurant restaurant, RandomStream random)
{
    private RandomStream _random = random;

    public int Number => number;

    public CityUser User => user;

    public CityRestaurant Restaurant => restaurant;

    /// <summary>The order's own chance: nothing else draws from it.</summary>
    public ref RandomStream Random => ref _random;

    public long PlacedAt { get; init; }

    public bool IsReady { get; set; }

    public bool IsCancelled { get; set; }

    /// <summary>The courier who has it or is on the way to it.</summary>
    public CityCourierState? Courier { get; set; }

    public bool IsCourierThere { get; set; }
}

/// <summary>A courier as he is now.</summary>
internal sealed class CityCourierState(CityCourier profile)
{
    public CityCourier Profile => profile;

    public CityPlace Place { get; set; } = profile.Place;

    public int Area { get; set; } = profile.Area;

    public CityCourierStatus Status { get; set; } = CityCourierStatus.Off;

    /// <summary>When the shift ends, in Unix milliseconds; an order that is under way then is still delivered.</summary>
    public long EndsAt { get; set; }

    /// <summary>Grows with every change, so that a step that was planned before one knows.</summary>
    public int Changes { get; set; }

    /// <summary>How many statuses were told: part of their ids.</summary>
    public int Told { get; set; }
}

internal enum CityCourierStatus
{
    Off,
    Free,
    Busy,
}

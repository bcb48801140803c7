namespace Grid.Simulation.Eats;

/// <summary>
/// One thing that happened in the city, by the name and with the fields of the bundle `eats`; what an event of its type does not have is null. Times are UTC, to the millisecond.
/// A <see cref="Shown"/> is not an event of the bundle: it tells of a restaurant that a search showed, and whether it was chosen.
/// </summary>
internal sealed record CityEvent(string Type, string Id, DateTimeOffset At)
{
    /// <summary>The type of what tells of a restaurant that was shown.</summary>
    public const string Shown = "shown";

    public string? User { get; init; }

    public string? Restaurant { get; init; }

    public string? CourierArea { get; init; }

    public string? Courier { get; init; }

    public decimal? OrderTotal { get; init; }

    public decimal? Discount { get; init; }

    public string? Cuisine { get; init; }

    public DateTimeOffset? PlacedAt { get; init; }

    /// <summary>The cuisine that the user looks for; null of the home screen.</summary>
    public string? Searched { get; init; }

    public decimal? Basket { get; init; }

    /// <summary>From 1 to 5.</summary>
    public int? Stars { get; init; }

    /// <summary>Of a courier: free, busy or off.</summary>
    public string? Status { get; init; }

    public decimal? Latitude { get; init; }

    public decimal? Longitude { get; init; }

    /// <summary>Of what was shown: the search that showed it.</summary>
    public string? Search { get; init; }

    /// <summary>Of what was shown: from the user to the restaurant.</summary>
    public decimal? DistanceKilometres { get; init; }

    /// <summary>Of what was shown: whether the user ordered there.</summary>
    public bool? Chosen { get; init; }

    /// <summary>Orders of the city are all wanted as soon as possible; null of what is no order.</summary>
    public bool? IsAsap => Type is "order_placed" or "order_accepted" or "courier_arrived" or "order_delivered" ? true : null;

    /// <summary>The event as the grid takes it.</summary>
    /// <exception cref="InvalidOperationException">It is a <see cref="Shown"/>, which the bundle does not have.</exception>
    public Event ToEvent() => CityEventFields.ToEvent(this);

    /// <summary>A <see cref="Shown"/> as a candidate of the bundle's decision `rank`.</summary>
    public Event ToCandidate() => CityEventFields.ToCandidate(this);
}

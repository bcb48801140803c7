namespace Grid;

/// <summary>A request of a user to see restaurants.</summary>
/// <param name="SearchId">The permanent id of the search; sending it again returns the first ranking again.</param>
/// <param name="At">The time of the search; null is the time at which the grid receives it.</param>
/// <param name="Searched">The cuisine that the user searched for; null for the home screen.</param>
/// <param name="Basket">The expected value of an order of this user, with at most two decimal places.</param>
/// <param name="Candidates">The restaurants to rank, each once.</param>
public sealed record Search(string SearchId, EventTime? At, string? Searched, decimal Basket, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>Converts the search to the event that requests its ranking.</summary>
    /// <param name="user">The key of the user who searches.</param>
    public Event ToEvent(string user) => new("search", 5)
    {
        ["search_id"] = SearchId,
        ["at"] = At is { } at ? at : default(FieldValue),
        ["user"] = user,
        ["searched"] = Searched,
        ["basket"] = Basket,
    };

    /// <summary>Converts the restaurants to the candidates of the ranking.</summary>
    public IReadOnlyList<Event> ToCandidates() => [.. Candidates.Select(candidate => candidate.ToEvent())];
}

/// <summary>A restaurant to rank.</summary>
/// <param name="Restaurant">The restaurant's key.</param>
/// <param name="CourierArea">The key of the area whose couriers would deliver the food.</param>
/// <param name="Cuisine">The restaurant's cuisine.</param>
/// <param name="DistanceKm">The distance from the user in kilometres, with at most three decimal places, not negative.</param>
public sealed record Candidate(string Restaurant, string CourierArea, string Cuisine, decimal DistanceKm)
{
    internal Event ToEvent() => new("restaurant", 4)
    {
        ["restaurant"] = Restaurant,
        ["courier_area"] = CourierArea,
        ["cuisine"] = Cuisine,
        ["distance_km"] = DistanceKm,
    };
}

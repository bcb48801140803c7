namespace Grid;

/// <summary>A user who wants to see restaurants.</summary>
/// <param name="SearchId">Names the search for ever; sending it again gets the first answer again.</param>
/// <param name="At">When it happened; null is when the grid receives it.</param>
/// <param name="Searched">The cuisine that was asked for; null of the home screen.</param>
/// <param name="Basket">What an order of this user is expected to come to, with at most two decimal places.</param>
/// <param name="Candidates">The restaurants that could be shown, each once.</param>
public sealed record Search(string SearchId, EventTime? At, string? Searched, decimal Basket, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>The search as the event that asks for its ranking.</summary>
    /// <param name="user">The key of the user who searches.</param>
    public Event ToEvent(string user) => new("search", 5)
    {
        ["search_id"] = SearchId,
        ["at"] = At is { } at ? at : default(FieldValue),
        ["user"] = user,
        ["searched"] = Searched,
        ["basket"] = Basket,
    };

    /// <summary>The restaurants as the candidates of that ranking.</summary>
    public IReadOnlyList<Event> ToCandidates() => [.. Candidates.Select(candidate => candidate.ToEvent())];
}

/// <summary>A restaurant that could be shown.</summary>
/// <param name="Restaurant">Its key.</param>
/// <param name="CourierArea">The key of the area whose couriers would bring the food.</param>
/// <param name="Cuisine">What it cooks.</param>
/// <param name="DistanceKm">From the user, in kilometres with at most three decimal places, not negative.</param>
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

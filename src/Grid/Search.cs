namespace Grid;

/// <summary>A user who wants to see restaurants.</summary>
/// <param name="SearchId">Names the search for ever; sending it again gets the first answer again.</param>
/// <param name="At">When it happened; null is when the grid receives it.</param>
/// <param name="Searched">The cuisine that was asked for; null of the home screen.</param>
/// <param name="Basket">What an order of this user is expected to come to, with at most two decimal places.</param>
/// <param name="Candidates">The restaurants that could be shown, each once.</param>
public sealed record Search(string SearchId, EventTime? At, string? Searched, decimal Basket, IReadOnlyList<Candidate> Candidates);

/// <summary>A restaurant that could be shown.</summary>
/// <param name="Restaurant">Its key.</param>
/// <param name="CourierArea">The key of the area whose couriers would bring the food.</param>
/// <param name="Cuisine">What it cooks.</param>
/// <param name="DistanceKm">From the user, in kilometres with at most three decimal places, not negative.</param>
public sealed record Candidate(string Restaurant, string CourierArea, string Cuisine, decimal DistanceKm);

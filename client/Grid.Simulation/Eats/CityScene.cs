namespace Grid.Simulation.Eats;

/// <summary>What the parts of a running city share: the city, the agenda, and what has been told and not yet read.</summary>
internal sealed class CityScene(City city, CityAgenda agenda)
{
    public City City => city;

    public CityAgenda Agenda => agenda;

    /// <summary>What the step that ran has told, in its order.</summary>
    public Queue<CityEvent> Told { get; } = new();

    public long Start { get; } = agenda.Now;

    /// <summary>Hours since midnight, with their fraction.</summary>
    public double Hour => (agenda.Now - Start) % 86_400_000 / 3_600_000.0;

    public void Tell(CityEvent happened) => Told.Enqueue(happened);

    /// <summary>An event that happens now.</summary>
    public CityEvent Now(string type, string id) => new(type, id, DateTimeOffset.FromUnixTimeMilliseconds(agenda.Now));

    public static string RestaurantKey(int id) => $"r{id}";

    public static string UserKey(int id) => $"u{id}";

    public static string CourierKey(int id) => $"c{id}";
}

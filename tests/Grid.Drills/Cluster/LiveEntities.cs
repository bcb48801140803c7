using System.Globalization;

namespace Grid.Drills;

/// <summary>Reads from a silo's measurements how many entities are live in it.</summary>
internal static class LiveEntities
{
    private const string Name = "grid_cluster_entities_live";

    /// <exception cref="DrillException">The silo does not tell.</exception>
    public static async Task<int> OfAsync(SiloProcess silo)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var told = await http.GetStringAsync(new Uri(silo.Address, "/metrics"));
        var line = told.Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal) && (line[Name.Length] is ' ' or '{'))
            ?? throw new DrillException($"{silo.Address}metrics has no {Name}.");
        return (int)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Of every silo, in the order of the list.</summary>
    public static Task<int[]> OfAsync(IEnumerable<SiloProcess> silos) => Task.WhenAll(silos.Select(OfAsync));
}

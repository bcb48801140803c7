using Grid.Simulation.Eats;

namespace Grid.Silo.Demo.Eats;

/// <summary>What <c>demo eats</c> does, from its command line; what it does not know goes to the silo.</summary>
internal sealed record EatsDemoOptions
{
    /// <summary>Days before the day that is driven: what kitchens, users and areas are known by.</summary>
    public const int HistoryDays = 10;

    public int Users { get; init; } = 2_000;

    public TimeSpan DayTakes { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Whether the demo ends after its report.</summary>
    public bool Exit { get; init; }

    /// <summary>The data folder where one was named; null is the demo's own, which it empties.</summary>
    public string? Data { get; init; }

    public IReadOnlyList<string> SiloArguments { get; init; } = [];

    public CitySimulationOptions City => new()
    {
        Users = Users,
        Restaurants = Math.Max(20, Users / 10),
        Couriers = Math.Max(20, Users * 45 / 2_000),
        Days = HistoryDays + 1,
        Seed = 7,
    };

    /// <exception cref="SiloException">An argument is at fault.</exception>
    public static EatsDemoOptions Parse(string[] args)
    {
        var options = new EatsDemoOptions();
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            options = name switch
            {
                "--exit" => options with { Exit = true },
                "--seconds" => options with { DayTakes = TimeSpan.FromSeconds(DemoOptions.Number(name, value ?? Next(), 1, 3_600)) },
                "--users" => options with { Users = DemoOptions.Number(name, value ?? Next(), 200, 20_000) },
                "--data" => options with { Data = value ?? Next() },
                _ => Keep(args[i]),
            };

            string Next() => ++i < args.Length ? args[i] : throw new SiloException([$"'{name}' has no value."]);
        }

        return options with { SiloArguments = rest };

        EatsDemoOptions Keep(string arg)
        {
            rest.Add(arg);
            return options;
        }
    }
}

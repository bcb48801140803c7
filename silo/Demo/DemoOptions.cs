using System.Globalization;
using Grid.Simulation.Fraud;

namespace Grid.Silo.Demo;

/// <summary>What the demo does, from its command line; what it does not know goes to the silo.</summary>
internal sealed record DemoOptions
{
    /// <summary>Days before the day that is driven: the longest window, 30 days, moved back by the 7 that reports take, and some.</summary>
    public const int HistoryDays = 40;

    /// <summary>How long after a fraud its report arrives.</summary>
    public static readonly TimeSpan ReportDelay = TimeSpan.FromDays(7);

    public int Customers { get; init; } = 2_000;

    public TimeSpan DayTakes { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Whether the demo ends after its report.</summary>
    public bool Exit { get; init; }

    /// <summary>The data folder where one was named; null is the demo's own, which it empties.</summary>
    public string? Data { get; init; }

    public IReadOnlyList<string> SiloArguments { get; init; } = [];

    /// <summary>The world of the Handbook, smaller: twice as many terminals as customers, and as many frauds in a hundred.</summary>
    public FraudSimulationOptions World => new()
    {
        Customers = Customers,
        Terminals = 2 * Customers,
        Days = HistoryDays + 1,
        Start = new(2018, 6, 15),
        Seed = 7,
        CompromisedTerminalsPerDay = Math.Max(1, Customers / 1_500),
        CompromisedCardsPerDay = Math.Max(1, Customers / 1_000),
    };

    /// <exception cref="SiloException">An argument is at fault.</exception>
    public static DemoOptions Parse(string[] args)
    {
        var options = new DemoOptions();
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            options = name switch
            {
                "--exit" => options with { Exit = true },
                "--seconds" => options with { DayTakes = TimeSpan.FromSeconds(Number(name, value ?? Next(), 1, 3_600)) },
                "--customers" => options with { Customers = Number(name, value ?? Next(), 100, 20_000) },
                "--data" => options with { Data = value ?? Next() },
                _ => Keep(args[i]),
            };

            string Next() => ++i < args.Length ? args[i] : throw new SiloException([$"'{name}' has no value."]);
        }

        return options with { SiloArguments = rest };

        DemoOptions Keep(string arg)
        {
            rest.Add(arg);
            return options;
        }
    }

    internal static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SiloException([$"'{name}' is '{text}'; expected a whole number from {least} to {most}."]);
}

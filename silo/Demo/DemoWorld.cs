using Grid.Simulation.Fraud;

namespace Grid.Silo.Demo;

/// <summary>The simulated payments: those of the history, and those of the day that is driven.</summary>
internal sealed class DemoWorld
{
    public DemoWorld(DemoOptions options)
    {
        DayStart = new(options.World.Start.AddDays(DemoOptions.HistoryDays).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var all = FraudSimulation.Transactions(options.World).ToList();
        var first = all.FindIndex(payment => payment.At >= DayStart);
        History = all[..first];
        Day = all[first..];
    }

    public DateTimeOffset DayStart { get; }

    public IReadOnlyList<SimulatedTransaction> History { get; }

    public IReadOnlyList<SimulatedTransaction> Day { get; }
}

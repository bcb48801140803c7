namespace Grid.Simulation.Fraud;

/// <summary>
/// How large the simulated world is and where it begins. The defaults are those of the Handbook's published set
/// (which shows its first 153 days); everything else about the world follows from <see cref="Seed"/>.
/// </summary>
internal sealed record FraudSimulationOptions
{
    /// <summary>How many customers, each with one card, at least 1.</summary>
    /// <value>The default is 5,000.</value>
    public int Customers { get; init; } = 5_000;

    /// <summary>How many terminals, at least 1.</summary>
    /// <value>The default is 10,000.</value>
    public int Terminals { get; init; } = 10_000;

    /// <summary>How many whole days of transactions, from 0 to 36,500. A longer simulation begins with the shorter one.</summary>
    /// <value>The default is 183.</value>
    public int Days { get; init; } = 183;

    /// <summary>The first day, in UTC.</summary>
    /// <value>The default is 2018-04-01.</value>
    public DateOnly Start { get; init; } = new(2018, 4, 1);

    /// <summary>Names one world and its whole stream.</summary>
    /// <value>The default is 0.</value>
    public ulong Seed { get; init; }

    /// <summary>A customer uses the terminals nearer than this, in units of a map of 100 by 100; above 0.</summary>
    /// <value>The default is 5.</value>
    public double Radius { get; init; } = 5;

    /// <summary>Terminals compromised each day, chosen from all of them; 0 turns scenario 2 off.</summary>
    /// <value>The default is 2.</value>
    public int CompromisedTerminalsPerDay { get; init; } = 2;

    /// <summary>Cards compromised each day, chosen from all of them; 0 turns scenario 3 off.</summary>
    /// <value>The default is 3.</value>
    public int CompromisedCardsPerDay { get; init; } = 3;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside what its summary allows; it is named.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Customers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Terminals, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Days, 36_500);
        ArgumentOutOfRangeException.ThrowIfNegative(CompromisedTerminalsPerDay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CompromisedTerminalsPerDay, Terminals);
        ArgumentOutOfRangeException.ThrowIfNegative(CompromisedCardsPerDay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CompromisedCardsPerDay, Customers);
        if (!(Radius > 0) || double.IsInfinity(Radius))
        {
            throw new ArgumentOutOfRangeException(nameof(Radius), Radius, "The radius is a finite number above 0.");
        }

        if (Start.DayNumber + Days > DateOnly.MaxValue.DayNumber)
        {
            throw new ArgumentOutOfRangeException(nameof(Start), Start, "The last day would lie after the end of the calendar.");
        }
    }
}

namespace Grid.Simulation.Eats;

/// <summary>How large the simulated city is and when it begins. Everything else about it follows from <see cref="Seed"/>.</summary>
internal sealed record CitySimulationOptions
{
    /// <summary>How many restaurants, at least 1.</summary>
    /// <value>The default is 200.</value>
    public int Restaurants { get; init; } = 200;

    /// <summary>How many users of the app, at least 1.</summary>
    /// <value>The default is 2,000.</value>
    public int Users { get; init; } = 2_000;

    /// <summary>How many couriers, at least 1; each works eight hours of every day.</summary>
    /// <value>The default is 45, which are not quite enough for a busy evening of 2,000 users.</value>
    public int Couriers { get; init; } = 45;

    /// <summary>How many whole days, from 0 to 3,650. A longer simulation begins with the shorter one.</summary>
    /// <value>The default is 14.</value>
    public int Days { get; init; } = 14;

    /// <summary>The first day, in UTC, which is the city's own time.</summary>
    /// <value>The default is 2026-03-02.</value>
    public DateOnly Start { get; init; } = new(2026, 3, 2);

    /// <summary>Names one city and its whole stream.</summary>
    /// <value>The default is 0.</value>
    public ulong Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside what its summary allows; it is named.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Restaurants, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Users, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Couriers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Days, 3_650);
        if (Start.Year < 1970 || Start.DayNumber + Days > DateOnly.MaxValue.DayNumber)
        {
            throw new ArgumentOutOfRangeException(nameof(Start), Start, "Expected a first day from 1970 on whose simulation ends before the year 10000.");
        }
    }
}

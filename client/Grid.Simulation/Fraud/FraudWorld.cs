namespace Grid.Simulation.Fraud;

/// <summary>
/// Who is there and who gets compromised when. All of it follows from the options: the same options are the same world,
/// on any day, in any order of asking.
/// </summary>
internal sealed class FraudWorld
{
    /// <summary>Days for which a compromised terminal stays so, its first included.</summary>
    public const int TerminalCompromiseDays = 28;

    /// <summary>Days for which a compromised card stays so, its first included.</summary>
    public const int CardCompromiseDays = 14;

    private const double MapSide = 100;
    private readonly int[][] _near;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside what its summary allows.</exception>
    public FraudWorld(FraudSimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
        Customers = [.. Enumerable.Range(0, options.Customers).Select(NewCustomer)];
        Terminals = [.. Enumerable.Range(0, options.Terminals).Select(NewTerminal)];
        var map = new TerminalMap(Terminals, options.Radius);
        _near = [.. Customers.Select(customer => map.Near(customer.X, customer.Y))];
    }

    public FraudSimulationOptions Options { get; }

    /// <summary>By id.</summary>
    public IReadOnlyList<CustomerProfile> Customers { get; }

    /// <summary>By id.</summary>
    public IReadOnlyList<TerminalProfile> Terminals { get; }

    /// <summary>The terminals that a customer uses, in the order of their ids. Without any, the customer buys nothing.</summary>
    public IReadOnlyList<int> TerminalsOf(int customer) => _near[customer];

    /// <summary>The terminals whose compromise begins on a day, counted from 0.</summary>
    public IReadOnlyList<int> TerminalsCompromisedOn(int day) =>
        Stream(Purpose.CompromisedTerminals, 0, day).Distinct(Options.CompromisedTerminalsPerDay, Options.Terminals);

    /// <summary>The customers whose card's compromise begins on a day, counted from 0.</summary>
    public IReadOnlyList<int> CardsCompromisedOn(int day) =>
        Stream(Purpose.CompromisedCards, 0, day).Distinct(Options.CompromisedCardsPerDay, Options.Customers);

    internal RandomStream Stream(Purpose purpose, int thing, int day) => new(Options.Seed, (int)purpose, thing, day);

    private CustomerProfile NewCustomer(int id)
    {
        var random = Stream(Purpose.Customer, id, 0);
        return new(
            id, random.Uniform(0, MapSide), random.Uniform(0, MapSide), random.Uniform(5, 100), random.Uniform(0, 4));
    }

    private TerminalProfile NewTerminal(int id)
    {
        var random = Stream(Purpose.Terminal, id, 0);
        return new(id, random.Uniform(0, MapSide), random.Uniform(0, MapSide));
    }

    /// <summary>What a random stream is for. The numbers are part of what a seed means: they never change.</summary>
    internal enum Purpose
    {
        Customer = 1,
        Terminal = 2,
        Payments = 3,
        CompromisedTerminals = 4,
        CompromisedCards = 5,
        Thefts = 6,
    }
}

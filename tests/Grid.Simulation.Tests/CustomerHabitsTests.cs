using Grid.Simulation.Fraud;

namespace Grid.Simulation.Tests;

/// <summary>How customers buy, without fraud, against what the description's distributions give by calculation.</summary>
public sealed class CustomerHabitsTests
{
    private const int Days = 400;
    private readonly FraudWorld _world = new(new FraudSimulationOptions
    {
        Customers = 100,
        Terminals = 1_000,
        Days = Days,
        Radius = 8,
        Seed = 3,
        CompromisedCardsPerDay = 0,
        CompromisedTerminalsPerDay = 0,
    });

    private readonly List<SimulatedTransaction> _stream;

    public CustomerHabitsTests() => _stream = [.. FraudSimulation.Transactions(_world)];

    [Fact]
    public void Customers_buy_as_often_as_their_mean_says_less_what_falls_outside_the_day()
    {
        var perDay = _stream.CountBy(t => t.CustomerId).ToDictionary();

        // A normal time of day, mean noon and deviation 20,000 s, lies inside the day with probability 0.9692.
        Assert.InRange(_stream.Count / (Days * _world.Customers.Sum(c => c.TransactionsPerDay)), 0.96, 0.98);
        Assert.All(_world.Customers, c =>
        {
            var expected = 0.9692 * Days * c.TransactionsPerDay;
            var spread = 5 * Math.Sqrt(expected) + 5;
            Assert.InRange(perDay.GetValueOrDefault(c.Id), expected - spread, expected + spread);
        });
        Assert.All(_stream, t => Assert.InRange(t.At.TimeOfDay.TotalSeconds, 1, 86_399));
    }

    [Fact]
    public void Amounts_are_normal_with_what_is_negative_drawn_again_up_to_twice_the_mean()
    {
        var ratios = _stream.Select(t => (double)t.Amount / _world.Customers[t.CustomerId].MeanAmount).ToList();

        // Of N(1, 1/2): 2.275 % negative, given mean 1 instead: 1.0042 + 0.0228 in all.
        Assert.InRange(ratios.Average(), 1.027 - 0.006, 1.027 + 0.006);
        Assert.InRange(ratios.Count(r => r > 2) / (double)ratios.Count, 0.0205, 0.0250);
        Assert.InRange(ratios.Count(r => r < 0.01), 1, ratios.Count / 500);
    }

    [Fact]
    public void A_customer_goes_to_each_of_its_terminals_as_often()
    {
        var busiest = _world.Customers.MaxBy(c => c.TransactionsPerDay).Id;
        var visits = _stream.Where(t => t.CustomerId == busiest).CountBy(t => t.TerminalId).ToDictionary();
        var even = visits.Values.Sum() / (double)_world.TerminalsOf(busiest).Count;

        Assert.All(_world.TerminalsOf(busiest), terminal =>
            Assert.InRange(visits.GetValueOrDefault(terminal), even - (5 * Math.Sqrt(even)), even + (5 * Math.Sqrt(even))));
    }
}

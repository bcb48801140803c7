using FsCheck;
using FsCheck.Fluent;
using Grid.Simulation.Fraud;

namespace Grid.Simulation.Tests;

public sealed class FraudWorldTests
{
    [Fact]
    public void A_customer_uses_exactly_the_terminals_within_the_radius()
    {
        var worlds =
            from seed in Gen.Choose(0, int.MaxValue)
            from terminals in Gen.Choose(1, 400)
            from tenths in Gen.OneOf(Gen.Choose(1, 300), Gen.Choose(301, 2_000))
            select new FraudSimulationOptions { Seed = (ulong)seed, Customers = 30, Terminals = terminals, Radius = tenths / 10.0 };

        Prop.ForAll(worlds.ToArbitrary(), options =>
        {
            var world = new FraudWorld(options with { CompromisedTerminalsPerDay = 0 });
            foreach (var customer in world.Customers)
            {
                // The plain twin: every terminal, the distance by its formula.
                var near = world.Terminals
                    .Where(t => Math.Pow(t.X - customer.X, 2) + Math.Pow(t.Y - customer.Y, 2) < options.Radius * options.Radius)
                    .Select(t => t.Id);
                Assert.Equal(near, world.TerminalsOf(customer.Id));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Profiles_fill_their_ranges_evenly()
    {
        var world = new FraudWorld(new());

        Assert.Equal(5_000, world.Customers.Count);
        Assert.Equal(10_000, world.Terminals.Count);
        AssertUniform(world.Customers.Select(c => c.X), 0, 100);
        AssertUniform(world.Customers.Select(c => c.Y), 0, 100);
        AssertUniform(world.Customers.Select(c => c.MeanAmount), 5, 100);
        AssertUniform(world.Customers.Select(c => c.TransactionsPerDay), 0, 4);
        AssertUniform(world.Terminals.Select(t => t.X), 0, 100);
        AssertUniform(world.Terminals.Select(t => t.Y), 0, 100);
    }

    [Fact]
    public void Each_day_compromises_as_many_as_asked_and_the_same_whenever_asked()
    {
        var world = new FraudWorld(new());
        var again = new FraudWorld(new());

        for (var day = 200; day >= 0; day--)
        {
            Assert.Equal(2, world.TerminalsCompromisedOn(day).Distinct().Count(t => t is >= 0 and < 10_000));
            Assert.Equal(3, world.CardsCompromisedOn(day).Distinct().Count(c => c is >= 0 and < 5_000));
            Assert.Equal(world.CardsCompromisedOn(day), again.CardsCompromisedOn(day));
        }

        Assert.NotEqual(world.TerminalsCompromisedOn(0), world.TerminalsCompromisedOn(1));
    }

    [Fact]
    public void Options_outside_their_range_are_refused_by_name()
    {
        (FraudSimulationOptions Options, string Name)[] wrong =
        [
            (new() { Customers = 0 }, "Customers"),
            (new() { Terminals = 0 }, "Terminals"),
            (new() { Days = -1 }, "Days"),
            (new() { Days = 36_501 }, "Days"),
            (new() { Radius = 0 }, "Radius"),
            (new() { Radius = double.NaN }, "Radius"),
            (new() { Radius = double.PositiveInfinity }, "Radius"),
            (new() { CompromisedTerminalsPerDay = -1 }, "CompromisedTerminalsPerDay"),
            (new() { Terminals = 5, CompromisedTerminalsPerDay = 6 }, "CompromisedTerminalsPerDay"),
            (new() { Customers = 2, CompromisedCardsPerDay = 3 }, "CompromisedCardsPerDay"),
            (new() { Start = DateOnly.MaxValue, Days = 1 }, "Start"),
        ];

        foreach (var (options, name) in wrong)
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => FraudSimulation.Transactions(options)).ParamName);
        }
    }

    private static void AssertUniform(IEnumerable<double> values, double low, double high)
    {
        var deciles = values.GroupBy(v => (int)Math.Floor(10 * (v - low) / (high - low))).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(Enumerable.Range(0, 10), deciles.Keys.Order());
        var even = deciles.Values.Sum() / 10.0;
        Assert.All(deciles.Values, count => Assert.InRange(count, even - (5 * Math.Sqrt(even)), even + (5 * Math.Sqrt(even))));
    }
}

using Grid.Simulation.Fraud;

namespace Grid.Simulation.Tests;

public sealed class FraudSimulationTests
{
    private static readonly FraudSimulationOptions Small = new() { Customers = 200, Terminals = 400, Days = 40, Radius = 8, Seed = 11 };

    [Fact]
    public void A_seed_is_one_stream()
    {
        var once = FraudSimulation.Transactions(Small);

        Assert.NotEmpty(once);
        Assert.Equal(once, once);
        Assert.Equal(once, FraudSimulation.Transactions(Small with { Seed = 11 }));
        Assert.NotEqual(once.First(), FraudSimulation.Transactions(Small with { Seed = 12 }).First());
    }

    [Fact]
    public void A_longer_simulation_begins_with_the_shorter_one()
    {
        var shorter = FraudSimulation.Transactions(Small).ToList();

        Assert.Equal(shorter, FraudSimulation.Transactions(Small with { Days = 60 }).Take(shorter.Count));
    }

    [Fact]
    public void Days_are_made_as_they_are_read()
    {
        var century = Small with { Days = 36_500 };

        Assert.Equal(FraudSimulation.Transactions(Small).Take(1_000), FraudSimulation.Transactions(century).Take(1_000));
    }

    [Fact]
    public void The_stream_is_in_order_and_numbered_from_zero()
    {
        var stream = FraudSimulation.Transactions(Small).ToList();

        Assert.Equal(Enumerable.Range(0, stream.Count).Select(i => (long)i), stream.Select(t => t.TransactionId));
        Assert.All(stream.Zip(stream.Skip(1)), pair =>
            Assert.True((pair.First.At, pair.First.CustomerId).CompareTo((pair.Second.At, pair.Second.CustomerId)) <= 0));
        Assert.All(stream, t => Assert.Equal(TimeSpan.Zero, t.At.Offset));
        Assert.Equal(new DateTime(2018, 4, 1), stream[0].At.Date);
        Assert.Equal(new DateTime(2018, 5, 10), stream[^1].At.Date);
    }

    [Fact]
    public void Every_payment_is_made_at_a_terminal_of_its_customer_in_whole_cents()
    {
        var world = new FraudWorld(Small);

        Assert.All(FraudSimulation.Transactions(world), t =>
        {
            Assert.Contains(t.TerminalId, world.TerminalsOf(t.CustomerId));
            Assert.True(t.Amount >= 0 && decimal.Round(t.Amount, 2) == t.Amount);
        });
    }

    [Fact]
    public void A_customer_far_from_all_terminals_buys_nothing()
    {
        var world = new FraudWorld(Small with { Terminals = 20, Radius = 5 });
        var lonely = world.Customers.Where(c => world.TerminalsOf(c.Id).Count == 0).Select(c => c.Id).ToHashSet();

        Assert.NotEmpty(lonely);
        Assert.DoesNotContain(FraudSimulation.Transactions(world), t => lonely.Contains(t.CustomerId));
    }
}

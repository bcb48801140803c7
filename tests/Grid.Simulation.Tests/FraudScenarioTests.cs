using Grid.Simulation.Fraud;

namespace Grid.Simulation.Tests;

/// <summary>
/// Each scenario's rule, computed again from the outside. The same world with no compromise makes the same payments, so
/// that what fraud changed can be seen payment by payment.
/// </summary>
public sealed class FraudScenarioTests
{
    private const int TerminalDays = 28;
    private const int CardDays = 14;

    private static readonly FraudSimulationOptions Dense =
        new() { Customers = 600, Terminals = 600, Days = 60, Radius = 8, Seed = 5, CompromisedTerminalsPerDay = 8, CompromisedCardsPerDay = 6 };

    private static readonly FraudWorld World = new(Dense);
    private static readonly List<SimulatedTransaction> Stream = [.. FraudSimulation.Transactions(World)];
    private static readonly List<SimulatedTransaction> Clean =
        [.. FraudSimulation.Transactions(Dense with { CompromisedCardsPerDay = 0, CompromisedTerminalsPerDay = 0 })];

    [Fact]
    public void Fraud_changes_amounts_and_nothing_else()
    {
        Assert.Equal(
            Clean.Select(t => (t.TransactionId, t.At, t.CustomerId, t.TerminalId)),
            Stream.Select(t => (t.TransactionId, t.At, t.CustomerId, t.TerminalId)));
    }

    [Fact]
    public void Without_compromise_fraud_is_an_amount_above_220()
    {
        var rich = FraudSimulation.Transactions(
            new FraudSimulationOptions { Days = 20, CompromisedCardsPerDay = 0, CompromisedTerminalsPerDay = 0 }).ToList();

        Assert.Contains(rich, t => t.Fraud);
        Assert.All(rich, t => Assert.Equal(t.Amount > 220m ? FraudScenario.LargeAmount : FraudScenario.None, t.Scenario));
    }

    [Fact]
    public void Every_payment_has_the_last_scenario_that_holds()
    {
        var counts = new int[4];
        var overlaps = 0;
        foreach (var (now, clean) in Stream.Zip(Clean))
        {
            var day = DayOf(now);
            var expected = clean.Amount > 220m ? FraudScenario.LargeAmount : FraudScenario.None;
            if (Days(TerminalDays, day).Any(d => World.TerminalsCompromisedOn(d).Contains(now.TerminalId)))
            {
                overlaps += expected == FraudScenario.None ? 0 : 1;
                expected = FraudScenario.CompromisedTerminal;
            }

            if (now.Amount != clean.Amount)
            {
                expected = FraudScenario.CompromisedCard;
            }

            Assert.Equal(expected, now.Scenario);
            Assert.Equal(expected != FraudScenario.None, now.Fraud);
            counts[(int)now.Scenario]++;
        }

        Assert.All(counts[1..], count => Assert.True(count > 10));
        Assert.True(overlaps > 5);
    }

    [Fact]
    public void Of_a_compromised_card_a_third_of_the_payments_of_14_days_are_stolen_at_five_times_the_amount()
    {
        var thefts = 0;
        for (var day = 0; day < Dense.Days - CardDays; day++)
        {
            foreach (var card in World.CardsCompromisedOn(day))
            {
                // Cards with one thief at a time: two may take the same payment, and twenty-five times the amount.
                if (Enumerable.Range(day - CardDays + 1, (2 * CardDays) - 1).Any(d => d >= 0 && d != day && World.CardsCompromisedOn(d).Contains(card)))
                {
                    continue;
                }

                var of14 = Stream.Zip(Clean)
                    .Where(pair => pair.First.CustomerId == card && DayOf(pair.First) >= day && DayOf(pair.First) < day + CardDays)
                    .ToList();
                var stolen = of14.Where(pair => pair.First.Scenario == FraudScenario.CompromisedCard).ToList();
                Assert.Equal(of14.Count / 3, stolen.Count);
                Assert.All(stolen, pair => Assert.Equal(5 * pair.Second.Amount, pair.First.Amount));
                thefts += stolen.Count;
            }
        }

        Assert.True(thefts > 100);
    }

    [Fact]
    public void Only_compromised_cards_have_stolen_payments_and_two_thieves_make_it_twenty_five()
    {
        var twice = 0;
        foreach (var (now, clean) in Stream.Zip(Clean).Where(pair => pair.First.Amount != pair.Second.Amount))
        {
            var thieves = Days(CardDays, DayOf(now)).Count(d => World.CardsCompromisedOn(d).Contains(now.CustomerId));
            var factor = (double)(now.Amount / clean.Amount);
            Assert.InRange(Math.Log(factor, 5), 0.999, thieves + 0.001);
            twice += factor > 24 ? 1 : 0;
        }

        Assert.True(twice > 0);
    }

    private static IEnumerable<int> Days(int length, int until) => Enumerable.Range(until - length + 1, length).Where(d => d >= 0);

    private static int DayOf(in SimulatedTransaction t) => (t.At - new DateTimeOffset(2018, 4, 1, 0, 0, 0, TimeSpan.Zero)).Days;
}

namespace Grid.Simulation.Fraud;

/// <summary>
/// The simulator of card payments of the Fraud Detection Handbook, from its published description (Le Borgne, Siblini,
/// Lebichot and Bontempi, "Reproducible Machine Learning for Credit Card Fraud Detection", 2022, chapter 3,
/// "Transaction data simulator").
/// </summary>
internal static class FraudSimulation
{
    private const long LargeCents = 220_00;
    private const int StolenFactor = 5;

    /// <summary>
    /// The whole stream in the order of time, made day by day as it is read, so that a long simulation needs no more
    /// memory than a short one. It may be read any number of times and is the same each time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what its summary allows.</exception>
    public static IEnumerable<SimulatedTransaction> Transactions(FraudSimulationOptions options) => Transactions(new FraudWorld(options));

    /// <inheritdoc cref="Transactions(FraudSimulationOptions)"/>
    public static IEnumerable<SimulatedTransaction> Transactions(FraudWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        return Days(world);
    }

    private static IEnumerable<SimulatedTransaction> Days(FraudWorld world)
    {
        var start = new DateTimeOffset(world.Options.Start.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var thefts = new Thefts(world);
        var id = 0L;
        for (var day = 0; day < world.Options.Days; day++)
        {
            thefts.Begin(day);
            var compromised = CompromisedTerminals(world, day);
            foreach (var (payment, stolen) in PaymentsOf(world, thefts, day))
            {
                var cents = payment.Cents;
                var scenario = cents > LargeCents ? FraudScenario.LargeAmount : FraudScenario.None;
                scenario = compromised.Contains(payment.Terminal) ? FraudScenario.CompromisedTerminal : scenario;
                for (var thief = 0; thief < stolen; thief++)
                {
                    (scenario, cents) = (FraudScenario.CompromisedCard, cents * StolenFactor);
                }

                yield return new(
                    id++, start.AddDays(day).AddSeconds(payment.Second), payment.Customer, payment.Terminal, cents / 100m, scenario);
            }
        }
    }

    private static HashSet<int> CompromisedTerminals(FraudWorld world, int day) =>
        [.. Enumerable.Range(0, Math.Min(day + 1, FraudWorld.TerminalCompromiseDays)).SelectMany(ago => world.TerminalsCompromisedOn(day - ago))];

    /// <summary>The day's payments in order of time, then of customer, each with how many thieves it has.</summary>
    private static IEnumerable<(DrawnPayment Payment, int Stolen)> PaymentsOf(FraudWorld world, Thefts thefts, int day)
    {
        List<(DrawnPayment Payment, int Stolen)> payments = [];
        for (var customer = 0; customer < world.Customers.Count; customer++)
        {
            var stolen = thefts.Take(customer, day);
            payments.AddRange(DrawnPayment.Of(world, customer, day).Select((payment, place) => (payment, stolen.Count(s => s == place))));
        }

        return payments.OrderBy(p => p.Payment.Second).ThenBy(p => p.Payment.Customer);
    }
}

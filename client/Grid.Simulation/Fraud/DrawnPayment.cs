namespace Grid.Simulation.Fraud;

/// <summary>What a customer does on a day, before any fraud. The second is of the day, from 1 to 86,399.</summary>
internal readonly record struct DrawnPayment(int Second, int Customer, int Terminal, long Cents)
{
    private const int DaySeconds = 86_400;
    private const double Noon = DaySeconds / 2.0;
    private const double SecondsDeviation = 20_000;

    /// <summary>The payments of one customer on one day, in the order drawn, always the same ones.</summary>
    public static List<DrawnPayment> Of(FraudWorld world, int customer, int day)
    {
        var terminals = world.TerminalsOf(customer);
        if (terminals.Count == 0)
        {
            return [];
        }

        var profile = world.Customers[customer];
        var random = world.Stream(FraudWorld.Purpose.Payments, customer, day);
        List<DrawnPayment> payments = [];
        for (var left = random.Poisson(profile.TransactionsPerDay); left > 0; left--)
        {
            // Truncated toward zero and kept only inside the day, as published: about 3 in 100 fall outside and are lost.
            var second = (int)random.Normal(Noon, SecondsDeviation);
            if (second is > 0 and < DaySeconds)
            {
                var cents = DrawCents(ref random, profile.MeanAmount);
                payments.Add(new(second, customer, terminals[random.Below(terminals.Count)], cents));
            }
        }

        return payments;
    }

    private static long DrawCents(ref RandomStream random, double mean)
    {
        var amount = random.Normal(mean, mean / 2);
        return (long)Math.Round(100 * (amount < 0 ? random.Uniform(0, 2 * mean) : amount));
    }
}

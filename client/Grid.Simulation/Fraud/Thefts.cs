namespace Grid.Simulation.Fraud;

/// <summary>
/// Scenario 3: of the payments that a compromised card makes in its 14 days, a third (rounded down) are the thief's.
/// Which ones is settled on the first day, by looking ahead: the payments of a day are the same whenever they are asked for.
/// </summary>
internal sealed class Thefts(FraudWorld world)
{
    private readonly Dictionary<(int Customer, int Day), List<int>> _stolen = [];

    /// <summary>Called once a day, in order, before <see cref="Take"/>.</summary>
    public void Begin(int day)
    {
        foreach (var customer in world.CardsCompromisedOn(day))
        {
            var payments = Enumerable.Range(day, FraudWorld.CardCompromiseDays)
                .SelectMany(d => Enumerable.Range(0, DrawnPayment.Of(world, customer, d).Count).Select(index => (Day: d, Index: index)))
                .ToArray();
            var random = world.Stream(FraudWorld.Purpose.Thefts, customer, day);
            foreach (var place in random.Distinct(payments.Length / 3, payments.Length))
            {
                var (stolenDay, index) = payments[place];
                if (!_stolen.TryGetValue((customer, stolenDay), out var places))
                {
                    _stolen[(customer, stolenDay)] = places = [];
                }

                places.Add(index);
            }
        }
    }

    /// <summary>The places, in the order drawn, of a customer's payments of a day that are stolen; twice if by two thieves.</summary>
    public IReadOnlyList<int> Take(int customer, int day) =>
        _stolen.Remove((customer, day), out var places) ? places : [];
}

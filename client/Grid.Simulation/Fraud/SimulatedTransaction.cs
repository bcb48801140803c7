namespace Grid.Simulation.Fraud;

/// <summary>
/// One simulated card payment with its truth. Ids count from 0 in the order of the stream; the time is UTC, to the second;
/// the amount is at least 0 and has two decimals; the scenario is the last of those that hold, as in the Handbook.
/// </summary>
internal readonly record struct SimulatedTransaction(
    long TransactionId, DateTimeOffset At, int CustomerId, int TerminalId, decimal Amount, FraudScenario Scenario)
{
    public bool Fraud => Scenario != FraudScenario.None;
}

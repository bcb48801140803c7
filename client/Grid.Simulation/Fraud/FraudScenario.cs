namespace Grid.Simulation.Fraud;

/// <summary>Why a simulated transaction is fraud. The numbers are the Handbook's, and are written to files.</summary>
internal enum FraudScenario
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>Its amount is above 220: obvious, to prove that a detector works at all.</summary>
    LargeAmount = 1,

    /// <summary>Its terminal is compromised (for 28 days): all of its transactions are fraud.</summary>
    CompromisedTerminal = 2,

    /// <summary>Its card is compromised (for 14 days): a third of its transactions are fraud, at five times the amount.</summary>
    CompromisedCard = 3,
}

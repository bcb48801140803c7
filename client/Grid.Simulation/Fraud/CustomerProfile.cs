namespace Grid.Simulation.Fraud;

/// <summary>A customer's place and habits, which do not change.</summary>
/// <param name="Id">From 0.</param>
/// <param name="X">From 0 to 100.</param>
/// <param name="Y">From 0 to 100.</param>
/// <param name="MeanAmount">Mean amount of a transaction, from 5 to 100; the standard deviation is half of it.</param>
/// <param name="TransactionsPerDay">Mean number of transactions a day, from 0 to 4.</param>
internal readonly record struct CustomerProfile(int Id, double X, double Y, double MeanAmount, double TransactionsPerDay);

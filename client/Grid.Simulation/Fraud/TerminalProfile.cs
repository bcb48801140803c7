namespace Grid.Simulation.Fraud;

/// <summary>A payment terminal and its place, on a map of 100 by 100.</summary>
/// <param name="Id">From 0.</param>
/// <param name="X">From 0 to 100.</param>
/// <param name="Y">From 0 to 100.</param>
internal readonly record struct TerminalProfile(int Id, double X, double Y);

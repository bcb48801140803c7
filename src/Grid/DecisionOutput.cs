namespace Grid;

/// <summary>A number that a decision answers with beside its action. NaN where there is none.</summary>
public readonly record struct DecisionOutput(string Name, double Value);

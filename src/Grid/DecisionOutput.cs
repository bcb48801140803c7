namespace Grid;

/// <summary>A number that a decision answers with beside its action. NaN where there is none.</summary>
public readonly record struct DecisionOutput(string Name, double Value)
{
    /// <summary>All digits of an integer beyond ±2^53, to which <see cref="Value"/> is the nearest double; null of all other values.</summary>
    public long? LargeInteger { get; init; }
}

namespace Grid;

/// <summary>A number that a decision returns beside its action; NaN if there is none.</summary>
public readonly record struct DecisionOutput(string Name, double Value)
{
    /// <summary>
    /// The exact value of an integer beyond ±2^53, where <see cref="Value"/> is only the nearest double; null for all other values.
    /// </summary>
    public long? LargeInteger { get; init; }
}

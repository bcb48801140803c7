namespace Grid;

/// <summary>A feature as it was read: its value at a moment, and how old the newest thing is that it is made of.</summary>
/// <param name="Name">The feature's full name: <c>amount</c>, <c>card.tx_count_1d</c>.</param>
/// <param name="Value">The number (1 or 0 of a boolean; Unix milliseconds of a timestamp); NaN where it is missing, or where the feature is text.</param>
/// <param name="Text">The text of a text feature; null otherwise.</param>
/// <param name="AgeMilliseconds">
/// Moment of reading minus the time of the newest thing the value is made of, in milliseconds; 0 of a value from the request itself; -1 where
/// nothing was there to read (an empty window).
/// </param>
/// <param name="Approximate">True where the value was read from history that had been coarsened.</param>
public readonly record struct FeatureReading(string Name, double Value, string? Text, long AgeMilliseconds, bool Approximate = false)
{
    /// <summary>The age of a value that nothing was there to read for.</summary>
    public const long NoAge = -1;

    public bool IsMissing => Text is null && double.IsNaN(Value);
}

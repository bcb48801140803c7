namespace Grid;

/// <summary>A feature as it was read: its value at a moment, how old the newest thing is that it is made of, and where it came from.</summary>
/// <param name="Name">The feature's full name: <c>amount</c>, <c>card.tx_count_1d</c>.</param>
/// <param name="Value">The number (1 or 0 of a boolean; Unix milliseconds of a timestamp); NaN where it is missing, or where the feature is text.</param>
/// <param name="Text">The text of a text feature; null otherwise.</param>
/// <param name="AgeMilliseconds">
/// Moment of reading minus the time of the newest thing the value is made of, in milliseconds; 0 of a value from the request itself; -1 where
/// nothing was there to read (an empty window).
/// </param>
/// <param name="Approximate">True where the value was read from history that had been coarsened.</param>
/// <param name="Rung">Where the value came from. Of a value computed from others: the worst of these.</param>
/// <param name="BehindMilliseconds">
/// Of a copy: how long before the decision's moment it was read, in milliseconds of event time (at most some 24 days); 0 of all others.
/// </param>
public readonly record struct FeatureReading(
    string Name, double Value, string? Text, long AgeMilliseconds, bool Approximate = false, FeatureRung Rung = FeatureRung.Owner, int BehindMilliseconds = 0)
{
    /// <summary>The age of a value that nothing was there to read for.</summary>
    public const long NoAge = -1;

    public bool IsMissing => Text is null && double.IsNaN(Value);
}

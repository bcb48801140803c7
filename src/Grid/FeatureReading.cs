namespace Grid;

/// <summary>A feature as it was read: its value at a moment, how old the newest thing is that it is made of, and where it came from.</summary>
/// <param name="Name">The feature's full name: <c>amount</c>, <c>card.tx_count_1d</c>.</param>
/// <param name="Value">
/// The number (1 or 0 of a boolean; Unix milliseconds of a timestamp; of an integer beyond ±2^53 the double nearest to it, see <see cref="LargeInteger"/>);
/// NaN where it is missing, or where the feature is text.
/// </param>
/// <param name="Text">The text of a text feature; null otherwise.</param>
/// <param name="AgeMilliseconds">
/// Moment of reading minus the time of the newest thing the value is made of, in milliseconds; 0 of a value from the request itself; -1 where
/// nothing was there to read (an empty window).
/// </param>
/// <param name="Approximate">True where the value was read from history that had been coarsened.</param>
/// <param name="Source">Where the value came from. Of a value computed from others: the worst of these.</param>
/// <param name="StalenessMilliseconds">
/// Of a copy: how long before the decision's moment it was read, in milliseconds of event time (at most some 24 days); 0 of all others.
/// </param>
public readonly record struct FeatureReading(
    string Name, double Value, string? Text, long AgeMilliseconds, bool Approximate = false, FeatureSource Source = FeatureSource.Owner, int StalenessMilliseconds = 0)
{
    /// <summary>The age of a value that nothing was there to read for.</summary>
    public const long NoAge = -1;

    // A mark in the place of a text, so that a reading takes no more room for it: the bits are those of the integer.
    private static readonly object Integer = new();

    private readonly long _bits = Bits(Value);
    private readonly object? _reference = Text;

    public double Value
    {
        get => ReferenceEquals(_reference, Integer) ? _bits : BitConverter.Int64BitsToDouble(_bits);
        init => (_bits, _reference) = (Bits(value), _reference as string);
    }

    public string? Text
    {
        get => _reference as string;
        init => (_bits, _reference) = (Bits(Value), value);
    }

    /// <summary>
    /// All digits of an integer beyond ±2^53, which <see cref="Value"/> rounds; null of all other values, whose <see cref="Value"/> is exact. Setting it sets
    /// <see cref="Value"/> too; setting null changes nothing.
    /// </summary>
    public long? LargeInteger
    {
        get => ReferenceEquals(_reference, Integer) ? _bits : null;
        init => (_bits, _reference) = value is { } large ? (large, Integer) : (_bits, _reference);
    }

    public bool IsMissing => _reference is null && double.IsNaN(Value);

    // One form of a missing number, so that equality, which is bit by bit, takes two of them for equal.
    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);
}

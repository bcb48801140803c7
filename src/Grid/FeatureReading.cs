namespace Grid;

/// <summary>A feature as it was read: its value, its age and its source.</summary>
/// <param name="Name">The feature's full name: <c>amount</c>, <c>card.tx_count_1d</c>.</param>
/// <param name="Value">
/// The number: 1 or 0 for a boolean, Unix milliseconds for a timestamp, the nearest double for an integer beyond ±2^53 (see
/// <see cref="LargeInteger"/>). NaN if the value is missing or is text.
/// </param>
/// <param name="Text">The text of a text feature; null otherwise.</param>
/// <param name="AgeMilliseconds">
/// Time of reading minus the time of the newest event or batch row that the value is made of, in milliseconds; 0 for a value from the
/// request itself; <see cref="NoAge"/> (-1) if there was nothing to read (an empty window).
/// </param>
/// <param name="Approximate">True if the value was read from coarsened history.</param>
/// <param name="Source">Where the value came from. For a value computed from others: the worst of their sources.</param>
/// <param name="StalenessMilliseconds">
/// For a replica: how long before the decision time it was read, in milliseconds of event time (at most about 24 days); 0 otherwise.
/// </param>
public readonly record struct FeatureReading(
    string Name, double Value, string? Text, long AgeMilliseconds, bool Approximate = false, FeatureSource Source = FeatureSource.Owner, int StalenessMilliseconds = 0)
{
    /// <summary>The age of a value for which there was nothing to read.</summary>
    public const long NoAge = -1;

    // Takes the place of the text to mark the bits as an integer, so that a reading needs no additional field.
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
    /// The exact value of an integer beyond ±2^53, which <see cref="Value"/> rounds; null for all other values, whose <see cref="Value"/>
    /// is exact. Setting it sets <see cref="Value"/> too; setting null changes nothing.
    /// </summary>
    public long? LargeInteger
    {
        get => ReferenceEquals(_reference, Integer) ? _bits : null;
        init => (_bits, _reference) = value is { } large ? (large, Integer) : (_bits, _reference);
    }

    public bool IsMissing => _reference is null && double.IsNaN(Value);

    // Normalizes NaN, so that two missing numbers compare equal bit by bit.
    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);
}

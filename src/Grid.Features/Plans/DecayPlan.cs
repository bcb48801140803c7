namespace Grid.Features.Plans;

/// <summary>
/// That a column holds values multiplied by a weight that doubles with every half-life of event time. Weights are integers, so that their sums are exact
/// in any order: time is cut into epochs of one half-life, from the year 1970 on, and each epoch into <see cref="DecayWeights.Steps"/> steps; a weight says
/// where in its epoch an event lies, and the epochs are weighed against one another when the column is read.
/// </summary>
/// <param name="HalfLifeMilliseconds">The half-life.</param>
/// <param name="IsWeight">Whether the column holds the weight alone of each event that has a value.</param>
internal sealed record DecayPlan(long HalfLifeMilliseconds, bool IsWeight)
{
    /// <summary>The greatest value, either way, that is weighed as it is; what lies beyond counts as this much.</summary>
    public const long Most = 1L << 38;

    /// <summary>The longest window, in half-lives. What lies further back has no weight that counts.</summary>
    public const int MostHalfLives = 64;

    /// <summary>What the column holds of a value.</summary>
    /// <param name="value">The value, of which at most <see cref="Most"/> counts.</param>
    /// <param name="time">The event's time in Unix milliseconds.</param>
    public long Weigh(long value, long time) =>
        (IsWeight ? 1 : Math.Clamp(value, -Most, Most)) * DecayWeights.Of(time, HalfLifeMilliseconds);
}

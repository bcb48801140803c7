namespace Grid.Features.Plans;

/// <summary>
/// Describes a column of values multiplied by a weight that doubles with every half-life of event time. Weights are integers, so that sums
/// are exact in any order. Time is divided into epochs of one half-life, starting in 1970, and each epoch into
/// <see cref="DecayWeights.Steps"/> steps. The stored weight depends on the event's step within its epoch; the epochs are weighted against
/// each other on read.
/// </summary>
/// <param name="HalfLifeMilliseconds">The half-life, in milliseconds.</param>
/// <param name="IsWeight">Whether the column stores only the weight of each event that has a value.</param>
internal sealed record DecayPlan(long HalfLifeMilliseconds, bool IsWeight)
{
    /// <summary>The greatest magnitude of a value; values beyond it are clamped.</summary>
    public const long Most = 1L << 38;

    /// <summary>The longest window, in half-lives. Older values have no significant weight.</summary>
    public const int MostHalfLives = 64;

    /// <summary>The weighted value to store.</summary>
    /// <param name="value">The value, clamped to ±<see cref="Most"/>.</param>
    /// <param name="time">The event's time in Unix milliseconds.</param>
    public long Weigh(long value, long time) =>
        (IsWeight ? 1 : Math.Clamp(value, -Most, Most)) * DecayWeights.Of(time, HalfLifeMilliseconds);
}

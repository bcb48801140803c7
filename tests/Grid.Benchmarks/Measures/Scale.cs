namespace Grid.Benchmarks;

/// <summary>
/// How much a measure does. <see cref="Full"/> gives figures; <see cref="Smoke"/> takes seconds and shows only that the measure runs and
/// prints, so its figures mean nothing.
/// </summary>
internal sealed class Scale
{
    public static readonly Scale Full = new(smoke: false);

    public static readonly Scale Smoke = new(smoke: true);

    private readonly bool _smoke;

    private Scale(bool smoke) => _smoke = smoke;

    /// <summary>The value for this scale.</summary>
    public T Pick<T>(T full, T smoke) => _smoke ? smoke : full;

    /// <summary>Rounds to measure: as many as asked for, or one.</summary>
    public int Rounds(int full) => Pick(full, 1);
}

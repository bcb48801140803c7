namespace Grid.Features.Plans;

/// <summary>
/// The weights of the steps of an epoch: two to the power of step / <see cref="Steps"/>, times <see cref="One"/>, rounded to an integer. They are worked out in integers
/// alone, so they are the same on every machine.
/// </summary>
internal static class DecayWeights
{
    /// <summary>Steps of an epoch, which is one half-life.</summary>
    public const int Steps = 1 << StepBits;

    /// <summary>The weight of the first step. That of the last lies just below twice as much.</summary>
    public const long One = 1L << 24;

    private const int StepBits = 14;
    private const int PlaceBits = 60;
    private static readonly uint[] All = Make();

    /// <summary>The weight of a moment in its epoch.</summary>
    public static long Of(long time, long halfLife) => All[(int)(((time % halfLife) << StepBits) / halfLife)];

    private static uint[] Make()
    {
        // Two to the power of a half, a quarter, an eighth and so on, as binary fractions of sixty places.
        var roots = new ulong[StepBits];
        var root = 2UL << PlaceBits;
        for (var i = StepBits - 1; i >= 0; i--)
        {
            root = Root((UInt128)root << PlaceBits);
            roots[i] = root;
        }

        var weights = new uint[Steps];
        for (var step = 0; step < Steps; step++)
        {
            UInt128 power = UInt128.One << PlaceBits;
            for (var bit = 0; bit < StepBits; bit++)
            {
                power = (step & (1 << bit)) == 0 ? power : (power * roots[bit]) >> PlaceBits;
            }

            const int Dropped = PlaceBits - 24;
            weights[step] = (uint)((power + (UInt128.One << (Dropped - 1))) >> Dropped);
        }

        return weights;
    }

    private static ulong Root(UInt128 square)
    {
        var root = 0UL;
        for (var bit = 1UL << 63; bit > 0; bit >>= 1)
        {
            var next = root | bit;
            root = (UInt128)next * next <= square ? next : root;
        }

        return root;
    }
}

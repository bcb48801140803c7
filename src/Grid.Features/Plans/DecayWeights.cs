namespace Grid.Features.Plans;

/// <summary>
/// The weight of each step of an epoch: 2^(step / <see cref="Steps"/>) · <see cref="One"/>, rounded to an integer. Computed with integers
/// only, so identical on every machine.
/// </summary>
internal static class DecayWeights
{
    /// <summary>Steps per epoch, which is one half-life.</summary>
    public const int Steps = 1 << StepBits;

    /// <summary>The weight of the first step. That of the last is just below twice as much.</summary>
    public const long One = 1L << 24;

    private const int StepBits = 14;
    private const int PlaceBits = 60;
    private static readonly uint[] All = Make();

    /// <summary>The weight of a time within its epoch.</summary>
    public static long Of(long time, long halfLife) => All[(int)(((time % halfLife) << StepBits) / halfLife)];

    private static uint[] Make()
    {
        // 2^(1/2), 2^(1/4), 2^(1/8) and so on, as binary fractions of sixty places.
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

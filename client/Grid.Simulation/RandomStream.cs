namespace Grid.Simulation;

/// <summary>
/// A stream of random numbers that a seed and a place name once and for all: SplitMix64 (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014). <see cref="Random"/> promises no stream across versions.
/// </summary>
internal struct RandomStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>The stream of one thing on one day: streams with any part different have nothing to do with each other.</summary>
    public RandomStream(ulong seed, int purpose, int thing, int day) =>
        _state = Mix(Mix(seed + Golden) ^ Mix(((ulong)(uint)purpose << 32) | (uint)thing) ^ Mix(~(ulong)(uint)day));

    /// <summary>A whole number from 0 to below <paramref name="limit"/>, each as likely (Lemire's multiplication; its bias is below 2^-32).</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>From <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Unit());

    /// <summary>Normal, by Marsaglia's polar method (1964); its second number is thrown away.</summary>
    public double Normal(double mean, double deviation)
    {
        while (true)
        {
            var u = Uniform(-1, 1);
            var v = Uniform(-1, 1);
            var s = (u * u) + (v * v);
            if (s is > 0 and < 1)
            {
                return mean + (deviation * u * Math.Sqrt(-2 * Math.Log(s) / s));
            }
        }
    }

    /// <summary>Poisson, by Knuth's product of uniforms: quick for the small means it is used for.</summary>
    public int Poisson(double mean)
    {
        var floor = Math.Exp(-mean);
        var count = 0;
        for (var product = Unit(); product > floor; product *= Unit())
        {
            count++;
        }

        return count;
    }

    /// <summary><paramref name="count"/> different numbers below <paramref name="limit"/>, every set as likely (Floyd's sampling, 1987).</summary>
    public int[] Distinct(int count, int limit)
    {
        var chosen = new HashSet<int>(count);
        for (var last = limit - count; last < limit; last++)
        {
            if (!chosen.Add(Below(last + 1)))
            {
                chosen.Add(last);
            }
        }

        var sorted = chosen.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private ulong Next() => Mix(_state += Golden);

    private double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));
}

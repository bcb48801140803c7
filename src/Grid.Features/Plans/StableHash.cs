namespace Grid.Features.Plans;

/// <summary>
/// A 64-bit string hash that never changes, on any machine: it is written to disk. Not resistant to crafted collisions; code that relies on
/// identity also compares the strings.
/// </summary>
internal static class StableHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = (ulong)text.Length * Multiplier;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 0xD6E8_FEB8_6659_FD93;
            hash ^= hash >> 32;
        }

        return Mix(hash);
    }

    /// <summary>Combines a hash with a small number, such as a kind's ordinal.</summary>
    public static ulong With(ulong hash, int salt) => Mix(hash ^ (((ulong)(uint)salt + 1) * Multiplier));

    // The finalizer of SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}

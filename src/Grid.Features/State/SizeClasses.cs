using System.Numerics;

namespace Grid.Features.State;

/// <summary>
/// The allocation sizes of an <see cref="Arena"/>: steps of 8 bytes up to 256, then sixteen steps per doubling up to 4,096 (at most 6 % is
/// wasted). Larger pieces are rounded up to a multiple of 64.
/// </summary>
internal static class SizeClasses
{
    public const int Largest = 4096;
    private const int Linear = 256;

    public const int Count = (Linear / 8) + (4 * 16);

    /// <summary>The class of a size; -1 if it is larger than the largest class.</summary>
    public static int Of(int bytes)
    {
        if (bytes <= Linear)
        {
            return Math.Max(0, ((bytes + 7) >> 3) - 1);
        }

        if (bytes > Largest)
        {
            return -1;
        }

        var power = BitOperations.Log2((uint)(bytes - 1));
        return (Linear / 8) + ((power - 8) * 16) + (((bytes - 1) - (1 << power)) >> (power - 4));
    }

    /// <summary>The size of a class, in bytes.</summary>
    public static int Bytes(int number)
    {
        if (number < Linear / 8)
        {
            return (number + 1) * 8;
        }

        var power = 8 + ((number - (Linear / 8)) / 16);
        var step = (number - (Linear / 8)) % 16;
        return (1 << power) + ((step + 1) << (power - 4));
    }

    /// <summary>The allocated size for a request of <paramref name="bytes"/> bytes.</summary>
    public static int Capacity(int bytes)
    {
        var number = Of(bytes);
        return number < 0 ? (bytes + 63) & ~63 : Bytes(number);
    }
}

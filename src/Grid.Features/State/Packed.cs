using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grid.Features.State;

/// <summary>
/// Arrays of unsigned integers of 0 to 8 bytes each. Reads and writes access up to eight bytes from an element's address, so memory after
/// the last element must be allocated (its contents are preserved).
/// </summary>
internal static unsafe class Packed
{
    /// <summary>The least number of bytes that hold a number.</summary>
    public static int WidthOf(ulong largest) => (71 - System.Numerics.BitOperations.LeadingZeroCount(largest)) >> 3;

    /// <summary>The largest number of a width.</summary>
    public static ulong Largest(int width) => width == 0 ? 0 : ulong.MaxValue >> (64 - (width * 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Get(byte* data, int width, int index) => Unsafe.ReadUnaligned<ulong>(data + (index * width)) & Largest(width);

    public static void Set(byte* data, int width, int index, ulong value)
    {
        var place = data + (index * width);
        Unsafe.WriteUnaligned(place, (Unsafe.ReadUnaligned<ulong>(place) & ~Largest(width)) | value);
    }

    /// <summary>How many of the first <paramref name="count"/> numbers, which are ascending, are at most <paramref name="most"/>.</summary>
    public static int CountUpTo(byte* data, int width, int count, ulong most)
    {
        var mask = Largest(width);
        if (most >= mask)
        {
            return count;
        }

        var low = 0;
        for (var rest = count; rest > 0;)
        {
            var half = rest >> 1;
            var isBelow = (Unsafe.ReadUnaligned<ulong>(data + ((low + half) * width)) & mask) <= most;
            low = isBelow ? low + half + 1 : low;
            rest = isBelow ? rest - half - 1 : half;
        }

        return low;
    }

    /// <summary>The sum of a range of at most 128 numbers; the end is exclusive.</summary>
    public static Int128 Sum(byte* data, int width, int from, int to) => width switch
    {
        0 => 0,
        1 => SumBytes(data, from, to),
        2 => SumShorts((ushort*)data, from, to),
        8 => SumLongs((ulong*)data, from, to),
        _ => SumAny(data, width, from, to),
    };

    private static Int128 SumBytes(byte* data, int from, int to)
    {
        var sum = Vector128<ushort>.Zero;
        for (; from + 16 <= to; from += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(data + from));
            sum += low + high;
        }

        ulong total = Vector128.Sum(Vector128.WidenLower(sum) + Vector128.WidenUpper(sum));
        for (; from < to; from++)
        {
            total += data[from];
        }

        return total;
    }

    private static Int128 SumShorts(ushort* data, int from, int to)
    {
        var sum = Vector128<uint>.Zero;
        for (; from + 8 <= to; from += 8)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(data + from));
            sum += low + high;
        }

        ulong total = Vector128.Sum(sum);
        for (; from < to; from++)
        {
            total += Unsafe.ReadUnaligned<ushort>(data + from);
        }

        return total;
    }

    private static Int128 SumLongs(ulong* data, int from, int to)
    {
        UInt128 total = 0;
        for (; from < to; from++)
        {
            total += Unsafe.ReadUnaligned<ulong>(data + from);
        }

        return (Int128)total;
    }

    private static Int128 SumAny(byte* data, int width, int from, int to)
    {
        var total = 0UL;
        for (; from < to; from++)
        {
            total += Get(data, width, from);
        }

        return total;
    }
}

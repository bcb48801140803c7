namespace Grid.Features.State;

/// <summary>Maps doubles to 64-bit integers in the same order. Both zeros have the same key; NaN has none.</summary>
internal static class NumberKey
{
    public static long Of(double value) => Flip(BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value));

    public static double ToDouble(long key) => BitConverter.Int64BitsToDouble(Flip(key));

    private static long Flip(long bits) => bits ^ ((bits >> 63) & long.MaxValue);
}

namespace Grid.Features.State;

/// <summary>
/// An unsigned integer of 192 bits, which holds the sum of the squares of two billion 64-bit values. Arithmetic wraps around, so additions
/// can be undone.
/// </summary>
internal readonly record struct Wide(ulong Low, ulong Middle, ulong High)
{
    public static Wide Square(long value)
    {
        var size = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        var high = Math.BigMul(size, size, out var low);
        return new(low, high, 0);
    }

    /// <summary>Whether the value fits in 63 bits.</summary>
    public bool IsSmall => (Middle | High | (Low >> 63)) == 0;

    public static Wide operator +(Wide left, Wide right)
    {
        var low = left.Low + right.Low;
        var carry = low < left.Low ? 1UL : 0;
        var middle = left.Middle + right.Middle;
        var over = middle < left.Middle ? 1UL : 0;
        middle += carry;
        over += middle < carry ? 1UL : 0;
        return new(low, middle, left.High + right.High + over);
    }

    public static Wide operator -(Wide left, Wide right)
    {
        var low = left.Low - right.Low;
        var borrow = left.Low < right.Low ? 1UL : 0;
        var middle = left.Middle - right.Middle;
        var under = left.Middle < right.Middle ? 1UL : 0;
        under += middle < borrow ? 1UL : 0;
        return new(low, middle - borrow, left.High - right.High - under);
    }

}

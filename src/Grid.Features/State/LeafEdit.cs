namespace Grid.Features;

/// <summary>Changes of a leaf in place, where what changes fits as the leaf is packed.</summary>
internal static unsafe class LeafEdit
{
    /// <summary>Inserts an event; false where it does not fit and the leaf has to be packed anew.</summary>
    public static bool TryInsert(Leaf leaf, int index, Row row)
    {
        if (leaf.Count >= leaf.Capacity || row.Time < leaf.BaseTime || !TryDistance(leaf, row.Time, out var distance))
        {
            return false;
        }

        var columns = leaf.Layout.Columns.Length;
        for (var c = 0; c < columns; c++)
        {
            if (!Fits(leaf, c, row.Keys[c], row.Missing[c]))
            {
                return false;
            }
        }

        int count = leaf.Count;
        Shift(leaf.Prints, Leaf.PrintBytes, index, count);
        Packed.Set(leaf.Prints, Leaf.PrintBytes, index, row.Print);
        Shift(leaf.Times, leaf.TimeWidth, index, count);
        Packed.Set(leaf.Times, leaf.TimeWidth, index, distance);
        for (var c = 0; c < columns; c++)
        {
            var column = leaf.Column(c);
            Shift(column.Data, column.Width, index, count);
            ShiftMissing(column, index);
            Put(column, index, row.Keys[c], row.Missing[c], leaf.Base(c));
        }

        leaf.Count++;
        return true;
    }

    /// <summary>Changes one value; false where it does not fit.</summary>
    public static bool TrySet(Leaf leaf, int column, int index, long key, bool missing)
    {
        if (!Fits(leaf, column, key, missing))
        {
            return false;
        }

        Put(leaf.Column(column), index, key, missing, leaf.Base(column));
        return true;
    }

    private static bool TryDistance(Leaf leaf, long time, out ulong distance)
    {
        distance = (ulong)(time - leaf.BaseTime);
        if (leaf.Unit != 0)
        {
            (distance, var rest) = Math.DivRem(distance, 1000);
            if (rest != 0)
            {
                return false;
            }
        }

        return distance <= Packed.Largest(leaf.TimeWidth);
    }

    private static bool Fits(Leaf leaf, int column, long key, bool missing) =>
        missing ? leaf.HasMissing(column) : key >= leaf.Base(column) && (ulong)(key - leaf.Base(column)) <= Packed.Largest(leaf.Width(column));

    private static void Put(LeafColumn column, int index, long key, bool missing, long origin)
    {
        Packed.Set(column.Data, column.Width, index, missing ? 0 : (ulong)(key - origin));
        if (column.MissingBits is not null)
        {
            var bit = (byte)(1 << (index & 7));
            column.MissingBits[index >> 3] = (byte)(missing ? column.MissingBits[index >> 3] | bit : column.MissingBits[index >> 3] & ~bit);
        }
    }

    private static void Shift(byte* data, int width, int index, int count)
    {
        var bytes = (count - index) * width;
        if (bytes > 0)
        {
            Buffer.MemoryCopy(data + (index * width), data + ((index + 1) * width), bytes, bytes);
        }
    }

    private static void ShiftMissing(LeafColumn column, int index)
    {
        if (column.MissingBits is null)
        {
            return;
        }

        var bits = column.Missing;
        var below = (UInt128.One << index) - 1;
        System.Runtime.CompilerServices.Unsafe.WriteUnaligned(column.MissingBits, (bits & below) | ((bits & ~below) << 1));
    }
}

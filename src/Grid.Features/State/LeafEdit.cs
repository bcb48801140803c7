namespace Grid.Features.State;

/// <summary>Changes a leaf in place, if the change fits its packing.</summary>
internal static unsafe class LeafEdit
{
    /// <summary>Inserts an event; false if it does not fit and the leaf must be repacked.</summary>
    public static bool TryInsert(Leaf leaf, int index, Row row)
    {
        if (row.Time < leaf.BaseTime || !TryDistance(leaf, row.Time, out var distance))
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
        Shift(leaf.Fingerprints, Leaf.FingerprintBytes, index, count);
        Packed.Set(leaf.Fingerprints, Leaf.FingerprintBytes, index, row.Fingerprint);
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

    /// <summary>Raises the capacity of a leaf whose piece is already large enough: moves every array up to its new offset.</summary>
    public static void Widen(Leaf leaf, int capacity)
    {
        int old = leaf.Capacity;
        var added = capacity - old;
        var columns = leaf.Layout.Columns.Length;

        // From the last array to the first, so that none is overwritten before it is moved.
        for (var c = columns - 1; c >= 0; c--)
        {
            var column = leaf.Column(c);
            var start = column.MissingBits is null ? column.Data : column.MissingBits;
            var bytes = (column.MissingBits is null ? 0 : Leaf.MissingBytes) + (leaf.Count * column.Width);
            var by = added * (Leaf.FingerprintBytes + leaf.TimeWidth + WidthsBefore(leaf, c));
            Buffer.MemoryCopy(start, start + by, bytes, bytes);
        }

        var times = leaf.Count * leaf.TimeWidth;
        Buffer.MemoryCopy(leaf.Times, leaf.Times + (added * Leaf.FingerprintBytes), times, times);
        leaf.Capacity = (byte)capacity;
    }

    /// <summary>Removes the first events. The base is unchanged.</summary>
    public static void DropFirst(Leaf leaf, int events)
    {
        int count = leaf.Count;
        Drop(leaf.Fingerprints, Leaf.FingerprintBytes, events, count);
        Drop(leaf.Times, leaf.TimeWidth, events, count);
        for (var c = 0; c < leaf.Layout.Columns.Length; c++)
        {
            var column = leaf.Column(c);
            Drop(column.Data, column.Width, events, count);
            if (column.MissingBits is not null)
            {
                System.Runtime.CompilerServices.Unsafe.WriteUnaligned(column.MissingBits, column.Missing >> events);
            }
        }

        leaf.Count -= (byte)events;
    }

    /// <summary>Sets one value; false if it does not fit.</summary>
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

    private static void Drop(byte* data, int width, int events, int count)
    {
        var bytes = (count - events) * width;
        if (bytes > 0)
        {
            Buffer.MemoryCopy(data + (events * width), data, bytes, bytes);
        }
    }

    private static int WidthsBefore(Leaf leaf, int column)
    {
        var widths = 0;
        for (var i = 0; i < column; i++)
        {
            widths += leaf.Width(i);
        }

        return widths;
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

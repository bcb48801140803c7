using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>A loaded value of a batch feature, visible to reads from <paramref name="Known"/> on.</summary>
/// <param name="Known">Time of loading, in Unix milliseconds.</param>
/// <param name="At">The time the value was computed for, in Unix milliseconds.</param>
/// <param name="Key">The bits of a number, or the code of a string.</param>
/// <param name="Feature">Index into <see cref="KindPlan.Features"/>.</param>
/// <param name="Missing">Whether the entry records that there is no value.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 4)]
internal readonly record struct BatchEntry(long Known, long At, long Key, short Feature, bool Missing)
{
    public int CompareTo(in BatchEntry other)
    {
        var order = Feature.CompareTo(other.Feature);
        order = order != 0 ? order : Known.CompareTo(other.Known);
        return order != 0 ? order : At.CompareTo(other.At);
    }
}

/// <summary>
/// The loaded values of one entity, ordered by feature, time of loading and computed-for time. Layout of its piece (bytes): handle (4), 0
/// (4), count (4), capacity (4), whether values were dropped (4), unused (4), entries.
/// </summary>
internal readonly unsafe struct BatchLog(byte* piece)
{
    public const int Header = 24;

    public ref int Count => ref *(int*)(piece + 8);

    public ref int Capacity => ref *(int*)(piece + 12);

    public ref int Forgot => ref *(int*)(piece + 16);

    public Span<BatchEntry> Entries => new(piece + Header, Count);

    /// <summary>All entries up to the capacity, used or not.</summary>
    public Span<BatchEntry> Room => new(piece + Header, Capacity);

    public int Bytes => BytesFor(Capacity);

    public static int BytesFor(int capacity) => Header + (capacity * sizeof(BatchEntry));

    /// <summary>The number of entries that sort before or equal to the given one.</summary>
    public int UpTo(in BatchEntry entry)
    {
        var entries = Entries;
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = entries[middle].CompareTo(entry) <= 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>A loaded value of a feature: seen by readings from <paramref name="Known"/> on.</summary>
/// <param name="Known">When it was loaded, in Unix milliseconds.</param>
/// <param name="At">The time that it was computed for.</param>
/// <param name="Key">The bits of a number, or the code of a text.</param>
/// <param name="Feature">Place in <see cref="KindPlan.Features"/>.</param>
/// <param name="Missing">Whether it says that there is no value.</param>
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
/// The loaded values of one entity, ordered by feature, when they were loaded, and what time they were computed for. In its piece: handle (4), 0 (4), count (4), capacity (4),
/// whether values were forgotten (4), nothing (4), entries.
/// </summary>
internal readonly unsafe struct BatchLog(byte* piece)
{
    public const int Header = 24;

    public ref int Count => ref *(int*)(piece + 8);

    public ref int Capacity => ref *(int*)(piece + 12);

    public ref int Forgot => ref *(int*)(piece + 16);

    public Span<BatchEntry> Entries => new(piece + Header, Count);

    /// <summary>All that there is room for.</summary>
    public Span<BatchEntry> Room => new(piece + Header, Capacity);

    public int Bytes => BytesFor(Capacity);

    public static int BytesFor(int capacity) => Header + (capacity * sizeof(BatchEntry));

    /// <summary>How many entries come before a place in the order, or at it.</summary>
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

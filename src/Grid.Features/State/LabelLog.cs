namespace Grid.Features.State;

/// <summary>A label of one value of one event: from <paramref name="Known"/> on, the value is <paramref name="Key"/>.</summary>
/// <param name="Time">Event time, in Unix milliseconds.</param>
/// <param name="Known">When the label became known, in Unix milliseconds; -1 for the value before any label.</param>
/// <param name="Key">The value.</param>
/// <param name="Fingerprint">Fingerprint of the event's id.</param>
/// <param name="Column">The column.</param>
/// <param name="Missing">Whether there is no value.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 4)]
internal readonly record struct LabelEntry(long Time, long Known, long Key, uint Fingerprint, short Column, bool Missing)
{
    public bool IsSameValue(in LabelEntry other) => Time == other.Time && Fingerprint == other.Fingerprint && Column == other.Column;
}

/// <summary>
/// The labels of one timeline of one entity, ordered by event time, fingerprint, column, time known and value; the last entry of a value is
/// the one stored in the timeline. Layout of its piece (bytes): handle (4), 0 (4), count (4), capacity (4), latest time at which a label
/// became known (8), entries.
/// </summary>
internal readonly unsafe struct LabelLog(byte* piece)
{
    public const int Header = 24;

    public ref int Count => ref *(int*)(piece + 8);

    public ref int Capacity => ref *(int*)(piece + 12);

    public ref long NewestKnown => ref *(long*)(piece + 16);

    public Span<LabelEntry> Entries => new(piece + Header, Count);

    /// <summary>All entries up to the capacity, used or not.</summary>
    public Span<LabelEntry> Room => new(piece + Header, Capacity);

    public int Bytes => BytesFor(Capacity);

    public static int BytesFor(int capacity) => Header + (capacity * sizeof(LabelEntry));

    public bool Exists => piece is not null;

    /// <summary>Restores a value as of a time; leaves it unchanged if no label applies to it.</summary>
    public void Recall(long time, uint print, int column, long at, ref long key, ref bool missing)
    {
        var entries = Entries;
        for (var i = UpTo(time - 1); i < entries.Length && entries[i].Time == time; i++)
        {
            ref var entry = ref entries[i];
            if (entry.Fingerprint == print && entry.Column == column && entry.Known <= at)
            {
                (key, missing) = (entry.Key, entry.Missing);
            }
        }
    }

    /// <summary>The number of entries for events at or before a time.</summary>
    public int UpTo(long time)
    {
        var entries = Entries;
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = entries[middle].Time <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

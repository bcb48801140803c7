using System.Runtime.CompilerServices;

namespace Grid.Features.State;

/// <summary>
/// Up to <see cref="Most"/> events in order of time, packed by column: each value is an unsigned offset from the column's base, in as few
/// bytes as the largest offset needs. This type only reads; <see cref="LeafBuffer"/> packs.
/// </summary>
/// <remarks>
/// Layout (bytes): base time (8), count (1), capacity (1), bytes per time (1), time unit: 0 for 1 ms, 1 for 1,000 ms (1); a base per column
/// (8 each); bytes per value of each column (1 each, plus 128 if an event has no value). Then, sized by the capacity: fingerprints, times,
/// and per column a bit per event without a value (16 bytes, only if there is one) and the values. A missing value is packed as offset 0.
/// </remarks>
internal readonly unsafe struct Leaf(byte* at, TimelineLayout layout)
{
    /// <summary>The maximum number of events in a leaf.</summary>
    public const int Most = 128;

    public const int FixedHeader = 12;
    public const int FingerprintBytes = sizeof(uint);
    public const int MissingBytes = 16;
    private const byte MissingFlag = 0x80;

    public byte* At => at;

    public TimelineLayout Layout => layout;

    public ref long BaseTime => ref *(long*)at;

    public ref byte Count => ref at[8];

    public ref byte Capacity => ref at[9];

    public ref byte TimeWidth => ref at[10];

    public ref byte Unit => ref at[11];

    public byte* Fingerprints => at + layout.LeafHeader;

    public byte* Times => Fingerprints + (Capacity * FingerprintBytes);

    /// <summary>The size of the leaf in bytes.</summary>
    public int Bytes
    {
        get
        {
            var bytes = layout.LeafHeader + (Capacity * (FingerprintBytes + TimeWidth));
            for (var i = 0; i < layout.Columns.Length; i++)
            {
                bytes += (HasMissing(i) ? MissingBytes : 0) + (Capacity * Width(i));
            }

            return bytes;
        }
    }

    public ref long Base(int column) => ref *(long*)(at + FixedHeader + (column * sizeof(long)));

    public int Width(int column) => WidthByte(column) & ~MissingFlag;

    public bool HasMissing(int column) => (WidthByte(column) & MissingFlag) != 0;

    public void SetWidth(int column, int width, bool missing) => WidthByte(column) = (byte)(width | (missing ? MissingFlag : 0));

    public long Time(int index) => BaseTime + (long)(Packed.Get(Times, TimeWidth, index) * (Unit == 0 ? 1UL : 1000));

    public uint Fingerprint(int index) => Unsafe.ReadUnaligned<uint>(Fingerprints + (index * FingerprintBytes));

    public LeafColumn Column(int column)
    {
        var data = Times + (Capacity * TimeWidth);
        for (var i = 0; i < column; i++)
        {
            data += (HasMissing(i) ? MissingBytes : 0) + (Capacity * Width(i));
        }

        return HasMissing(column)
            ? new(data + MissingBytes, data, Width(column), Base(column))
            : new(data, null, Width(column), Base(column));
    }

    /// <summary>The number of events at or before a time.</summary>
    public int UpTo(long time)
    {
        if (time < BaseTime)
        {
            return 0;
        }

        var distance = (ulong)(time - BaseTime);
        return Packed.CountUpTo(Times, TimeWidth, Count, Unit == 0 ? distance : distance / 1000);
    }

    private ref byte WidthByte(int column) => ref at[FixedHeader + (layout.Columns.Length * sizeof(long)) + column];
}

namespace Grid.Features.State;

/// <summary>
/// One event as a timeline keeps it: its time, the fingerprint of its id, and a 64-bit key per column. Keys are ordered as the values are:
/// fixed-point numbers as they are, doubles with their bits rearranged, text as its code in <see cref="TextTable"/> (of which the order says nothing).
/// </summary>
internal sealed class Row(int columns)
{
    public long Time { get; set; }

    public uint Fingerprint { get; set; }

    public long[] Keys { get; } = new long[columns];

    /// <summary>Per column: whether there is no value.</summary>
    public bool[] Missing { get; } = new bool[columns];

    public static uint FingerprintOf(ulong idHash) => (uint)(idHash >> 32) ^ (uint)idHash;
}

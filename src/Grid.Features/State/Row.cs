namespace Grid.Features.State;

/// <summary>
/// One event as stored in a timeline: its time, the fingerprint of its id, and a 64-bit key per column. Keys sort as the values do:
/// fixed-point numbers unchanged, doubles with their bits rearranged; strings are codes of <see cref="TextTable"/>, whose order has no
/// meaning.
/// </summary>
internal sealed class Row(int columns)
{
    public long Time { get; set; }

    public uint Fingerprint { get; set; }

    public long[] Keys { get; } = new long[columns];

    /// <summary>By column: whether there is no value.</summary>
    public bool[] Missing { get; } = new bool[columns];

    public static uint FingerprintOf(ulong idHash) => (uint)(idHash >> 32) ^ (uint)idHash;
}

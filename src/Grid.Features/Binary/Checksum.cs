using System.Buffers.Binary;
using System.Numerics;

namespace Grid.Features.Binary;

/// <summary>
/// CRC-32C (Castagnoli), with the processor's own instruction where it has one. Journal and snapshots are checked by it.
/// </summary>
internal static class Checksum
{
    /// <summary>The checksum of bytes that stand alone.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>Takes more bytes in; begin with <see cref="uint.MaxValue"/>, and the complement of the last is the checksum.</summary>
    public static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }

    /// <summary>Takes the eight bytes of a number in, least first.</summary>
    public static uint Continue(uint crc, long value) => BitOperations.Crc32C(crc, (ulong)value);
}

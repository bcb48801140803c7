using System.Buffers.Binary;
using System.Numerics;

namespace Grid.Features.Binary;

/// <summary>CRC-32C (Castagnoli), hardware-accelerated where available. Protects journals and snapshots.</summary>
internal static class Checksum
{
    /// <summary>The checksum of a complete sequence of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>
    /// Adds bytes to a running checksum. Start with <see cref="uint.MaxValue"/>; the complement of the result is the checksum.
    /// </summary>
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

    /// <summary>Adds the eight bytes of a number, little-endian.</summary>
    public static uint Continue(uint crc, long value) => BitOperations.Crc32C(crc, (ulong)value);
}

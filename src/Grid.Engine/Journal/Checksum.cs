using System.Buffers.Binary;
using System.Numerics;

namespace Grid.Engine;

/// <summary>CRC-32C (Castagnoli), with the processor's own instruction where it has one.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

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

    public static uint Continue(uint crc, long value) => BitOperations.Crc32C(crc, (ulong)value);
}

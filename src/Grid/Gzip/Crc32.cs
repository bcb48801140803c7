using System.Buffers.Binary;

namespace Grid.Gzip;

/// <summary>The CRC-32 of gzip (IEEE 802.3), computed eight bytes at a time with eight tables.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320;
    private static readonly uint[] Tables = MakeTables();

    /// <summary>Extends the checksum <paramref name="crc"/> by more bytes; the checksum of no bytes is 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables.AsSpan(0, 8 * 256);
        crc = ~crc;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..]);
            crc = tables[0x700 + (int)(low & 0xFF)] ^ tables[0x600 + (int)((low >> 8) & 0xFF)]
                ^ tables[0x500 + (int)((low >> 16) & 0xFF)] ^ tables[0x400 + (int)(low >> 24)]
                ^ tables[0x300 + (int)(high & 0xFF)] ^ tables[0x200 + (int)((high >> 8) & 0xFF)]
                ^ tables[0x100 + (int)((high >> 16) & 0xFF)] ^ tables[(int)(high >> 24)];
        }

        foreach (var one in bytes)
        {
            crc = (crc >> 8) ^ tables[(int)((crc ^ one) & 0xFF)];
        }

        return ~crc;
    }

    // Table k holds the checksums of a byte followed by k zero bytes.
    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var one = 0u; one < 256; one++)
        {
            var crc = one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : Polynomial);
            }

            tables[one] = crc;
        }

        for (var at = 256; at < tables.Length; at++)
        {
            tables[at] = (tables[at - 256] >> 8) ^ tables[tables[at - 256] & 0xFF];
        }

        return tables;
    }
}

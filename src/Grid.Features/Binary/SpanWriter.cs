using System.Buffers.Binary;
using System.Text;

namespace Grid.Features.Binary;

/// <summary>
/// Writes little-endian binary into a buffer that the caller owns and has made large enough; the formats in docs/formats use it.
/// </summary>
internal ref struct SpanWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>The number of bytes written.</summary>
    public int Written { get; private set; }

    public void Byte(byte value) => _destination[Written++] = value;

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_destination[Written..], value);
        Written += sizeof(long);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_destination[Written..], value);
        Written += sizeof(uint);
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>LEB128: seven bits per byte, least significant first; 1 to 10 bytes.</summary>
    public void VarUInt(ulong value)
    {
        while (value >= 0x80)
        {
            _destination[Written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _destination[Written++] = (byte)value;
    }

    /// <summary>A signed number, zigzag-encoded: small ones of either sign are short.</summary>
    public void VarInt(long value) => VarUInt((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>UTF-8, preceded by its length in bytes.</summary>
    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        VarUInt((ulong)bytes);
        Written += Encoding.UTF8.GetBytes(value, _destination[Written..]);
    }

    /// <summary>Strings, preceded by their count.</summary>
    public void Texts(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        VarUInt((ulong)values.Count);
        foreach (var value in values)
        {
            Text(value);
        }
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[Written..]);
        Written += value.Length;
    }
}

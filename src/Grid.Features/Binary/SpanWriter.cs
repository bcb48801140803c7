using System.Buffers.Binary;
using System.Text;

namespace Grid.Features.Binary;

/// <summary>Writes little-endian binary into memory that the caller owns and has made long enough; the formats in docs/formats are made of these.</summary>
internal ref struct SpanWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>How many bytes were written.</summary>
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

    /// <summary>LEB128: seven bits a byte, least first; 1 to 10 bytes.</summary>
    public void VarUInt(ulong value)
    {
        while (value >= 0x80)
        {
            _destination[Written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _destination[Written++] = (byte)value;
    }

    /// <summary>A signed number, zigzag: small ones of either sign are short.</summary>
    public void VarInt(long value) => VarUInt((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>UTF-8 with its length in bytes in front.</summary>
    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        VarUInt((ulong)bytes);
        Written += Encoding.UTF8.GetBytes(value, _destination[Written..]);
    }

    /// <summary>Texts with their number in front.</summary>
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

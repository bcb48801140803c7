using System.Buffers.Binary;
using System.Text;

namespace Grid.Features.Binary;

/// <summary>Reads the output of <see cref="SpanWriter"/>; never reads past the end.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;

    /// <summary>The number of bytes read.</summary>
    public int Consumed { get; private set; }

    public readonly int Remaining => _source.Length - Consumed;

    /// <exception cref="InvalidDataException">Too few bytes remain; applies to every other method too.</exception>
    public byte Byte() => Bytes(1)[0];

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    public ulong VarUInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A variable-length number has more than ten bytes.");
    }

    public long VarInt()
    {
        var value = VarUInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads a count; rejects one that exceeds what the remaining bytes can hold.</summary>
    /// <param name="smallest">The minimum size of an element, in bytes.</param>
    public int Count(int smallest)
    {
        var count = VarUInt();
        if (count > (ulong)(Remaining / Math.Max(smallest, 1)))
        {
            throw new InvalidDataException($"A count of {count} is more than the {Remaining} bytes that follow can hold.");
        }

        return (int)count;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes(Count(1)));

    /// <summary>Strings, preceded by their count.</summary>
    public string[] Texts()
    {
        var texts = new string[Count(1)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length < 0 || length > Remaining)
        {
            throw new InvalidDataException($"{length} bytes were to be read where {Remaining} are left.");
        }

        var bytes = _source.Slice(Consumed, length);
        Consumed += length;
        return bytes;
    }
}

using System.Text;
using Grid.Features.Binary;

namespace Grid.Orleans;

/// <summary>Writes a message's bytes into memory that grows by itself and is used again for the next message. Used by one thread at a time.</summary>
internal sealed class MessageWriter
{
    private const int LargestKept = 1 << 20;

    [ThreadStatic]
    private static MessageWriter? _mine;

    private byte[] _buffer = new byte[1024];
    private int _written;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _written);

    /// <summary>The calling thread's own writer, empty. Whoever takes it is done with it before anything else on the thread takes it.</summary>
    public static MessageWriter Take()
    {
        var writer = _mine ??= new();
        if (writer._buffer.Length > LargestKept)
        {
            writer._buffer = new byte[1024];
        }

        writer._written = 0;
        return writer;
    }

    public void Byte(byte value)
    {
        Room(1);
        _buffer[_written++] = value;
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void VarUInt(ulong value)
    {
        var writer = new SpanWriter(Room(10));
        writer.VarUInt(value);
        _written += writer.Written;
    }

    public void VarInt(long value) => VarUInt((ulong)((value << 1) ^ (value >> 63)));

    public void Int64(long value)
    {
        var writer = new SpanWriter(Room(sizeof(long)));
        writer.Int64(value);
        _written += writer.Written;
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Decimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (var part in parts)
        {
            VarInt(part);
        }
    }

    public void Text(string value)
    {
        var writer = new SpanWriter(Room(10 + Encoding.UTF8.GetMaxByteCount(value.Length)));
        writer.Text(value);
        _written += writer.Written;
    }

    /// <summary>A text that may be null.</summary>
    public void TextOrNull(string? value)
    {
        Bool(value is not null);
        if (value is not null)
        {
            Text(value);
        }
    }

    /// <summary>Texts with their number in front.</summary>
    public void Texts(IReadOnlyList<string> values)
    {
        VarUInt((ulong)values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            Text(values[i]);
        }
    }

    /// <summary>Messages with their number in front.</summary>
    public void All<T>(MessageFormat<T> format, IReadOnlyList<T> messages)
        where T : notnull
    {
        VarUInt((ulong)messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            format.Write(this, messages[i]);
        }
    }

    /// <summary>The name of an entity that is somebody's: neither its kind nor its key is null.</summary>
    public void Entity(EntityId entity)
    {
        Text(entity.Kind);
        Text(entity.Key);
    }

    /// <summary>Bytes with their length in front.</summary>
    public void Block(ReadOnlySpan<byte> value)
    {
        VarUInt((ulong)value.Length);
        value.CopyTo(Room(value.Length));
        _written += value.Length;
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _written < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _written + bytes));
        }

        return _buffer.AsSpan(_written);
    }
}

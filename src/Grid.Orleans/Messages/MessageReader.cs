using Grid.Features.Binary;

namespace Grid.Orleans;

/// <summary>
/// Reads what <see cref="MessageWriter"/> wrote. A message may be longer than its reader knows of (a newer silo wrote it: what follows is passed
/// over) or shorter (an older one: <see cref="More"/> says so, and the rest has its default).
/// </summary>
internal ref struct MessageReader(ReadOnlySpan<byte> bytes)
{
    private SpanReader _reader = new(bytes);

    /// <summary>Whether anything follows: asked before each field that was added after version 1.</summary>
    public readonly bool More => _reader.Remaining > 0;

    public byte Byte() => _reader.Byte();

    public bool Bool() => _reader.Byte() != 0;

    public ulong VarUInt() => _reader.VarUInt();

    public long VarInt() => _reader.VarInt();

    public int Int() => checked((int)_reader.VarInt());

    public long Int64() => _reader.Int64();

    public double Double() => _reader.Double();

    public decimal Decimal()
    {
        Span<int> parts = [Int(), Int(), Int(), Int()];
        try
        {
            return new(parts);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("A message holds bits that are no decimal number.", e);
        }
    }

    public string Text() => _reader.Text();

    public string? TextOrNull() => Bool() ? Text() : null;

    public string[] Texts() => _reader.Texts();

    public T[] All<T>(MessageFormat<T> format)
        where T : notnull
    {
        var messages = new T[Count()];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = format.Read(ref this);
        }

        return messages;
    }

    public EntityId Entity() => new(Text(), Text());

    /// <summary>A count that is about to be believed: refused where it is larger than could follow.</summary>
    public int Count() => _reader.Count(1);

    public byte[] Block() => _reader.Bytes(_reader.Count(1)).ToArray();
}

namespace Grid.Gzip;

/// <summary>Reads the header of a gzip member (RFC 1952, 2.3) up to its compressed data.</summary>
internal ref struct GzipHeader(GzipInput input)
{
    private const int Text = 1 << 0;
    private const int Checked = 1 << 1;
    private const int Extra = 1 << 2;
    private const int Name = 1 << 3;
    private const int Comment = 1 << 4;
    private const int Deflate = 8;
    private uint _crc;

    /// <exception cref="InvalidDataException">The bytes are not a gzip header, or the file ends within the header.</exception>
    public void Read()
    {
        var (first, second, method, flags) = (Take(), Take(), Take(), Take());
        if (first != 0x1F || second != 0x8B || method != Deflate || (flags & ~(Text | Checked | Extra | Name | Comment)) != 0)
        {
            throw new InvalidDataException("the header of the gzip data is damaged.");
        }

        Skip(6);
        if ((flags & Extra) != 0)
        {
            Skip(Take() | (Take() << 8));
        }

        SkipTexts(((flags & Name) != 0 ? 1 : 0) + ((flags & Comment) != 0 ? 1 : 0));
        var expected = _crc & 0xFFFF;
        if ((flags & Checked) != 0 && (uint)(Take() | (Take() << 8)) != expected)
        {
            throw new InvalidDataException("the checksum of the header of the gzip data does not match; the file is damaged.");
        }
    }

    private void Skip(int count)
    {
        for (; count > 0; count--)
        {
            Take();
        }
    }

    private void SkipTexts(int count)
    {
        while (count > 0)
        {
            count -= Take() == 0 ? 1 : 0;
        }
    }

    private int Take()
    {
        var one = input.ReadByte();
        if (one < 0)
        {
            throw new InvalidDataException(StrictGzipStream.BreaksOff);
        }

        _crc = Crc32.Append(_crc, [(byte)one]);
        return one;
    }
}

using System.Buffers.Binary;

namespace Grid.Gzip;

/// <summary>
/// The compressed input of a gzip stream. An inflater reads from it the compressed data of one member, in pieces that end wherever the
/// member may end.
/// </summary>
/// <remarks>
/// The runtime's inflater does not report how many bytes it consumed, but it reads a new piece only if the previous one was not enough.
/// The end of the data is therefore found by ending a piece wherever a member may end: eight bytes (the trailer) before the start bytes of
/// another member, and eight bytes before the end of the file. Start bytes that occur by chance in compressed data cost one more piece.
/// </remarks>
internal sealed class GzipInput(Stream file) : Stream
{
    public const int TrailerBytes = 8;
    private const int Lookahead = 1 << 15;
    private static readonly byte[] MemberStart = [0x1F, 0x8B, 0x08];
    private readonly byte[] _buffer = new byte[2 * Lookahead];
    private int _start;
    private int _end;
    private bool _drained;

    /// <summary>Whether the inflater asked for more data than there is before the trailer: the member is truncated.</summary>
    public bool RanDry { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether every byte of the file was read.</summary>
    public bool IsAtEnd()
    {
        Ensure(1);
        return _start == _end;
    }

    /// <summary>Reads one byte; -1 at the end of the file.</summary>
    public override int ReadByte() => IsAtEnd() ? -1 : _buffer[_start++];

    /// <summary>Reads the trailer of a member; false if the file ends within it.</summary>
    public bool TryTrailer(out uint crc, out uint length)
    {
        Ensure(TrailerBytes);
        if (Available.Length < TrailerBytes)
        {
            (crc, length) = (0, 0);
            return false;
        }

        crc = BinaryPrimitives.ReadUInt32LittleEndian(Available);
        length = BinaryPrimitives.ReadUInt32LittleEndian(Available[sizeof(uint)..]);
        _start += TrailerBytes;
        return true;
    }

    /// <summary>Reads a piece of compressed data; 0 bytes if only a trailer is left.</summary>
    public override int Read(Span<byte> into)
    {
        Ensure(Lookahead);

        // Skip a member start exactly eight bytes ahead: the inflater asked for more, so the member did not end there. A member start that
        // is only partly in the window is left to the next piece.
        var window = Available[..Math.Min(Available.Length, into.Length + TrailerBytes + MemberStart.Length)];
        var isWhole = _drained && window.Length == Available.Length;
        var next = window.Length > TrailerBytes + 1 ? window[(TrailerBytes + 1)..].IndexOf(MemberStart) : -1;
        var most = next >= 0 ? next + 1 : window.Length - TrailerBytes - (isWhole ? 0 : MemberStart.Length);
        if (most <= 0)
        {
            RanDry = true;
            return 0;
        }

        var length = Math.Min(most, into.Length);
        Available[..length].CopyTo(into);
        _start += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private void Ensure(int bytes)
    {
        if (_drained || _end - _start >= bytes)
        {
            return;
        }

        Available.CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (!_drained && _end < _buffer.Length)
        {
            var read = file.Read(_buffer, _end, _buffer.Length - _end);
            _drained = read == 0;
            _end += read;
        }
    }
}

using System.IO.Compression;

namespace Grid.Gzip;

/// <summary>
/// Decompresses gzip (RFC 1952) with one or more members. <see cref="GZipStream"/> accepts the end of the file as the end of the data; this
/// stream ends only after a member with a valid checksum and length that nothing follows.
/// </summary>
/// <remarks>
/// A truncated file, a wrong checksum or length, or bytes after the last member throw an <see cref="InvalidDataException"/> in place of the
/// end of the stream. Data decompressed before that is returned, so a caller that must not act on part of a file reads it to the end first.
/// Not safe for concurrent use.
/// </remarks>
internal sealed class StrictGzipStream : Stream
{
    internal const string BreaksOff = "the file breaks off in the middle of gzip data; it was not written or copied to its end.";
    private const string Mismatch =
        "gzip data and its checksum do not match: the file breaks off, is damaged, or holds other bytes after the data.";

    private readonly Stream _file;
    private readonly GzipInput _input;
    private DeflateStream? _member;
    private uint _crc;
    private uint _length;
    private bool _ended;

    /// <param name="file">The compressed bytes; closed with this stream.</param>
    public StrictGzipStream(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        (_file, _input) = (file, new GzipInput(file));
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The data is truncated or damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && !_ended)
        {
            _member ??= BeginMember();
            var read = _member.Read(buffer);
            if (read > 0)
            {
                _crc = Crc32.Append(_crc, buffer[..read]);
                _length += (uint)read;
                return read;
            }

            EndMember();
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _input.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private DeflateStream BeginMember()
    {
        new GzipHeader(_input).Read();
        (_crc, _length) = (0, 0);
        return new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
    }

    private void EndMember()
    {
        if (_input.RanDry || !_input.TryTrailer(out var crc, out var length))
        {
            throw new InvalidDataException(BreaksOff);
        }

        if (crc != _crc || length != _length)
        {
            // Also reached if bytes that are not a member, such as part of a header, follow the data: the trailer was read at the wrong
            // place.
            throw new InvalidDataException(Mismatch);
        }

        _member!.Dispose();
        _member = null;
        _ended = _input.IsAtEnd();
    }
}

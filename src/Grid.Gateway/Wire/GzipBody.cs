using System.IO.Compression;
using System.Security.Cryptography;

namespace Grid.Gateway.Wire;

/// <summary>
/// Decompresses a gzip body with one or more members. <see cref="GZipStream"/> detects neither a truncated body nor bytes after the last
/// member. Therefore a further member, with random content, is appended to the body as a mark: it decompresses exactly only if the member
/// before it is complete.
/// </summary>
/// <param name="compressed">The compressed body.</param>
/// <param name="limit">The maximum size in bytes, both compressed and decompressed.</param>
internal sealed class GzipBody(Stream compressed, long limit) : ReadOnlyStream
{
    private static readonly byte[] Mark = RandomNumberGenerator.GetBytes(16);
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly MarkedStream _source = new(compressed, limit);
    private GZipStream? _gzip;
    private readonly long _limit = limit;
    private long _decompressed;
    private bool _completed;

    /// <exception cref="ProblemException">The body is too large, truncated, or not gzip.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_completed || buffer.IsEmpty)
        {
            return 0;
        }

        _gzip ??= new(_source, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            var count = await _gzip.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (_source.HasEnded)
            {
                // The decompressor reads input only when it has no output left, so everything from here on must be the mark.
                await CheckMarkAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
                _completed = true;
                return 0;
            }

            _decompressed += count;
            return count == 0 ? throw new ProblemException(Problem.CorruptGzip)
                : _decompressed > _limit ? throw new ProblemException(Problem.TooLarge(_limit)) : count;
        }
        catch (InvalidDataException)
        {
            throw new ProblemException(Problem.CorruptGzip);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask CheckMarkAsync(ReadOnlyMemory<byte> first, CancellationToken cancellation)
    {
        var rest = new byte[Mark.Length + 1];
        if (_source.IsEmpty || first.Length > Mark.Length)
        {
            throw new ProblemException(Problem.CorruptGzip);
        }

        first.CopyTo(rest);
        var more = rest.AsMemory(first.Length);
        var count = await _gzip!.ReadAtLeastAsync(more, more.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        if (!rest.AsSpan(0, first.Length + count).SequenceEqual(Mark))
        {
            throw new ProblemException(Problem.CorruptGzip);
        }
    }

    private static byte[] Compress(byte[] content)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return member.ToArray();
    }

    /// <summary>The compressed body, followed by the member with the mark.</summary>
    private sealed class MarkedStream(Stream body, long limit) : ReadOnlyStream
    {
        private long _read;
        private int _marked;

        public bool HasEnded { get; private set; }

        public bool IsEmpty => _read == 0;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!HasEnded)
            {
                var count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                _read += count;
                if (_read > limit)
                {
                    throw new ProblemException(Problem.TooLarge(limit));
                }

                if (count > 0)
                {
                    return count;
                }

                HasEnded = true;
            }

            var copied = Math.Min(buffer.Length, MarkMember.Length - _marked);
            MarkMember.AsMemory(_marked, copied).CopyTo(buffer);
            _marked += copied;
            return copied;
        }
    }
}

using System.IO.Compression;
using System.Security.Cryptography;

namespace Grid.Gateway.Wire;

/// <summary>
/// Decompresses a gzip body, of one member or several. <see cref="GZipStream"/> reports neither a body that is cut off nor bytes after the
/// last member. Therefore a member of our own, with content that no caller knows, follows the body: it comes out exactly as it went in only
/// where the member before it was complete.
/// </summary>
/// <param name="compressed">The body as it was sent.</param>
/// <param name="limit">The most bytes, compressed and decompressed.</param>
internal sealed class GzipBody(Stream compressed, long limit) : ReadOnlyStream
{
    private static readonly byte[] Mark = RandomNumberGenerator.GetBytes(16);
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly MarkedStream _source = new(compressed, limit);
    private GZipStream? _gzip;
    private readonly long _limit = limit;
    private long _decompressed;
    private bool _completed;

    /// <exception cref="ProblemException">The body is too large, cut off, or not gzip.</exception>
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
                // The decompressor asks for input only where it has no output left: all from here on must be the mark.
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

    /// <summary>The compressed body and, behind it, the member with the mark.</summary>
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

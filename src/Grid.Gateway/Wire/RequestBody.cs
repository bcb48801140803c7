using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Grid.Gateway.Wire;

/// <summary>The body of one request, decompressed and without a byte order mark. Dispose it when its bytes are no longer used.</summary>
internal sealed class RequestBody : IDisposable
{
    private static readonly ValidationError NotUtf8 = new("", "text in UTF-16 or UTF-32", "text in UTF-8");

    private readonly HttpRequest _request;
    private readonly long _limit;
    private PipeReader? _own;
    private PipeReader? _held;
    private SequencePosition _heldEnd;

    private RequestBody(HttpRequest request, long limit)
    {
        (_request, _limit) = (request, limit);
        if (IsGzip(request))
        {
            _own = PipeReader.Create(new GzipBody(request.Body, limit));
        }
    }

    /// <summary>Opens a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The maximum size in bytes, both compressed and decompressed.</param>
    /// <exception cref="ProblemException">The body is longer than <paramref name="limit"/>, or has an encoding other than gzip.</exception>
    public static RequestBody Open(HttpRequest request, long limit) =>
        request.ContentLength > limit ? throw new ProblemException(Problem.TooLarge(limit)) : new(request, limit);

    /// <summary>Reads the whole body; the bytes are valid until it is disposed.</summary>
    /// <exception cref="ProblemException">The body is too large, truncated, or not UTF-8.</exception>
    public async ValueTask<ReadOnlySequence<byte>> ReadWholeAsync()
    {
        var reader = _own ?? _request.BodyReader;
        var result = await reader.ReadAsync().ConfigureAwait(false);
        if (result.IsCompleted && result.Buffer.Length <= _limit)
        {
            (_held, _heldEnd) = (reader, result.Buffer.End);
            return WithoutMark(result.Buffer);
        }

        // Received bytes are copied out of the reader. If they stayed there, examined but not consumed, Kestrel could not continue after a
        // client disconnects in the middle of the body, and would log that.
        var whole = new ArrayBufferWriter<byte>();
        while (true)
        {
            var isTooLarge = whole.WrittenCount + result.Buffer.Length > _limit;
            foreach (var part in isTooLarge ? default : result.Buffer)
            {
                whole.Write(part.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (isTooLarge)
            {
                throw new ProblemException(Problem.TooLarge(_limit));
            }

            if (result.IsCompleted)
            {
                return WithoutMark(new(whole.WrittenMemory));
            }

            result = await reader.ReadAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Opens the body for reading line by line, after its byte order mark.</summary>
    /// <exception cref="ProblemException">The body is truncated or not UTF-8.</exception>
    public async ValueTask<PipeReader> ReadLinesAsync()
    {
        // A reader with its own buffer, for the same reason: the start of a line stays there and not in Kestrel's buffer.
        _own ??= PipeReader.Create(_request.Body, new StreamPipeReaderOptions(bufferSize: 16 << 10, leaveOpen: true));
        while (true)
        {
            var result = await _own.ReadAsync().ConfigureAwait(false);
            if (result.Buffer.Length >= Utf8Mark.Length || result.IsCompleted)
            {
                _own.AdvanceTo(WithoutMark(result.Buffer).Start);
                return _own;
            }

            _own.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    public void Dispose()
    {
        _held?.AdvanceTo(_heldEnd);
        _own?.Complete();
    }

    private static ReadOnlySpan<byte> Utf8Mark => [0xef, 0xbb, 0xbf];

    private static ReadOnlySequence<byte> WithoutMark(in ReadOnlySequence<byte> body)
    {
        Span<byte> copy = stackalloc byte[Utf8Mark.Length];
        var start = body.Slice(0, Math.Min(copy.Length, body.Length));
        start.CopyTo(copy);
        var first = copy[..(int)start.Length];

        // JSON starts with one or two ASCII characters; in UTF-16 and UTF-32 one of the first two bytes is zero or part of a mark.
        if (first.Length > 1
            && (first[..2].Contains((byte)0) || first.StartsWith<byte>([0xff, 0xfe]) || first.StartsWith<byte>([0xfe, 0xff])))
        {
            throw new ProblemException(Problem.Of(NotUtf8));
        }

        return first.StartsWith(Utf8Mark) ? body.Slice(Utf8Mark.Length) : body;
    }

    private static bool IsGzip(HttpRequest request)
    {
        var codings = request.Headers.ContentEncoding;
        if (codings.Count == 0)
        {
            return false;
        }

        var applied = codings.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)).ToArray();
        return applied switch
        {
            [] => false,
            [var one] when one.ToUpperInvariant() is "GZIP" or "X-GZIP" => true,
            _ => throw new ProblemException(Problem.UnsupportedEncoding(codings.ToString())),
        };
    }
}

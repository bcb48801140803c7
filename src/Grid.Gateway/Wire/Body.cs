using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Grid.Gateway.Wire;

/// <summary>Reads the bodies of requests.</summary>
internal static class Body
{
    public const string NdJson = "application/x-ndjson";

    /// <summary>True where the content type is the wanted one, in UTF-8.</summary>
    public static bool Is(string? contentType, string wanted)
    {
        if (contentType is null || ReferenceEquals(contentType, wanted) || contentType == wanted)
        {
            return contentType is not null;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out var media)
            && string.Equals(media.MediaType, wanted, StringComparison.OrdinalIgnoreCase)
            && (media.CharSet is null || media.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads a body whole. The caller advances the reader to its end when it has done with the bytes.</summary>
    /// <exception cref="ProblemException">The body is longer than <paramref name="limit"/>.</exception>
    public static async ValueTask<ReadOnlySequence<byte>> WholeAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            throw new ProblemException(Problem.TooLarge(limit));
        }

        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync().ConfigureAwait(false);
            if (result.Buffer.Length > limit)
            {
                reader.AdvanceTo(result.Buffer.Start);
                throw new ProblemException(Problem.TooLarge(limit));
            }

            if (result.IsCompleted)
            {
                return result.Buffer;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Takes one line off the front, without its line end (<c>\n</c> or <c>\r\n</c>).</summary>
    public static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = TrimReturn(buffer.Slice(0, end));
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    public static ReadOnlySequence<byte> TrimReturn(in ReadOnlySequence<byte> line)
    {
        if (line.IsEmpty)
        {
            return line;
        }

        var last = line.Slice(line.Length - 1);
        return last.FirstSpan[0] == (byte)'\r' ? line.Slice(0, line.Length - 1) : line;
    }

    public static void Done(PipeReader reader, in ReadOnlySequence<byte> body) => reader.AdvanceTo(body.End);
}

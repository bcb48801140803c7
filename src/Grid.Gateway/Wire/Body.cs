using System.Buffers;
using System.Net.Http.Headers;

namespace Grid.Gateway.Wire;

/// <summary>Checks content types of bodies and splits bodies into lines.</summary>
internal static class Body
{
    public const string NdJson = "application/x-ndjson";

    /// <summary>True if the content type is <paramref name="wanted"/>, in UTF-8.</summary>
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

    /// <summary>Removes one line from the front of the buffer, without its line end (<c>\n</c> or <c>\r\n</c>).</summary>
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

    /// <summary>True if a line contains only white space.</summary>
    public static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }
}

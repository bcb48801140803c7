using Microsoft.AspNetCore.Http;

namespace Grid.Gateway.Wire;

/// <summary>
/// Computes the path for routing from the raw request target. Kestrel decodes a path before it removes dot segments and leaves %2F encoded,
/// so its path cannot distinguish the key ".." from a parent segment, nor the key "a/b" from the key "a%2Fb". Here each segment is decoded
/// once and none is removed; only '%' and '/' within a segment stay encoded, and <see cref="Value"/> decodes them.
/// </summary>
internal static class RequestPath
{
    private static readonly ValidationError NotUtf8 =
        new("path", "a percent-encoding that is not valid UTF-8", "a path whose segments are percent-encoded as UTF-8");

    /// <summary>Computes the path for routing.</summary>
    /// <param name="target">The raw request target.</param>
    /// <param name="path">The path; null if it equals the server's own path.</param>
    /// <returns>The problem of an invalid target; null if it is valid.</returns>
    public static Problem? Read(string target, out string? path)
    {
        path = null;
        var sent = PathOf(target);
        if (sent.Length == target.Length && !sent.Contains('%') && !sent.Contains("/.", StringComparison.Ordinal))
        {
            return null;
        }

        var segments = new List<string>();
        foreach (var range in sent.Split('/'))
        {
            var segment = sent[range];
            if (!PercentEncoding.TryDecode(segment, out var decoded))
            {
                return Problem.Of(NotUtf8);
            }

            // Clients and proxies remove dot segments before sending, so a literal one is invalid. A fully percent-encoded one is a key.
            if (decoded is "." or ".." && segment.Contains('.'))
            {
                return Problem.DotSegment(sent.ToString());
            }

            segments.Add(decoded.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal));
        }

        path = string.Join('/', segments);
        return null;
    }

    /// <summary>The value of a route parameter: one segment of the path, decoded.</summary>
    public static string Value(HttpContext context, string parameter) => ((string)context.Request.RouteValues[parameter]!)
        .Replace("%2F", "/", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);

    // A target is a path with an optional query, or an absolute URL.
    private static ReadOnlySpan<char> PathOf(string target)
    {
        var path = target.AsSpan();
        if (!target.StartsWith('/') && path.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0)
        {
            var afterScheme = path[(scheme + 3)..];
            path = afterScheme.IndexOfAny('/', '?') is var end and >= 0 ? afterScheme[end..] : "/";
            path = path.StartsWith('?') ? "/" : path;
        }

        return path.IndexOf('?') is var query and >= 0 ? path[..query] : path;
    }
}

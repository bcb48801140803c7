using System.Text;

namespace Grid.Benchmarks;

/// <summary>Whole HTTP requests as bytes.</summary>
internal static class HttpRequests
{
    public static byte[] Post(string path, string json) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}

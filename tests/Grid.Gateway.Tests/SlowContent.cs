using System.Net;

namespace Grid.Gateway.Tests;

/// <summary>NDJSON that is sent in parts, without a length.</summary>
internal sealed class SlowContent : HttpContent
{
    private readonly byte[] _bytes;
    private readonly int _part;

    public SlowContent(byte[] bytes, int part)
    {
        (_bytes, _part) = (bytes, part);
        Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var at = 0; at < _bytes.Length; at += _part)
        {
            await stream.WriteAsync(_bytes.AsMemory(at, Math.Min(_part, _bytes.Length - at)));
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

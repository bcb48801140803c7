using System.Buffers;
using System.Text.Json;
using Grid.Json;
using Microsoft.Extensions.ObjectPool;

namespace Grid.Gateway.Wire;

/// <summary>What one request needs for a moment and the next can use again: a buffer, a JSON writer over it, a deadline.</summary>
internal sealed class Scratch : IDisposable
{
    private const int LargestKept = 64 << 10;

    private CancellationTokenSource _deadline = new();

    public Scratch() => Json = new Utf8JsonWriter(Buffer, GridJson.WriterOptions);

    public ArrayBufferWriter<byte> Buffer { get; } = new(4 << 10);

    public Utf8JsonWriter Json { get; }

    /// <summary>Starts the deadline; <see cref="StopDeadline"/> ends it.</summary>
    public CancellationToken StartDeadline(TimeSpan after)
    {
        _deadline.CancelAfter(after);
        return _deadline.Token;
    }

    /// <returns>True where the deadline had passed.</returns>
    public bool StopDeadline()
    {
        if (_deadline.TryReset())
        {
            return false;
        }

        _deadline.Dispose();
        _deadline = new();
        return true;
    }

    public void Dispose()
    {
        _deadline.Dispose();
        Json.Dispose();
    }

    public sealed class Policy : PooledObjectPolicy<Scratch>
    {
        public override Scratch Create() => new();

        public override bool Return(Scratch obj)
        {
            if (obj.Buffer.Capacity > LargestKept)
            {
                return false;
            }

            obj.StopDeadline();
            obj.Buffer.ResetWrittenCount();
            obj.Json.Reset();
            return true;
        }
    }
}

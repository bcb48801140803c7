using System.Buffers;
using System.Text.Json;
using Grid.Json;
using Microsoft.Extensions.ObjectPool;

namespace Grid.Gateway.Wire;

/// <summary>Pooled objects of a request: a buffer, a JSON writer over it, and a deadline.</summary>
internal sealed class Scratch : IDisposable
{
    private const int LargestKept = 64 << 10;

    private readonly TimeProvider _time;
    private CancellationTokenSource? _deadline;

    public Scratch(TimeProvider time) => (_time, Json) = (time, new Utf8JsonWriter(Buffer, GridJson.WriterOptions));

    public ArrayBufferWriter<byte> Buffer { get; } = new(4 << 10);

    public Utf8JsonWriter Json { get; }

    /// <summary>Starts the deadline; <see cref="StopDeadline"/> ends it.</summary>
    public CancellationToken StartDeadline(TimeSpan after)
    {
        // One per request, because a CancellationTokenSource can only be reset with the system clock.
        StopDeadline();
        _deadline = new(after, _time);
        return _deadline.Token;
    }

    public void StopDeadline()
    {
        _deadline?.Dispose();
        _deadline = null;
    }

    public void Dispose()
    {
        StopDeadline();
        Json.Dispose();
    }

    public sealed class Policy(TimeProvider time) : PooledObjectPolicy<Scratch>
    {
        public override Scratch Create() => new(time);

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

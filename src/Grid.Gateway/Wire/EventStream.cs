using System.Buffers;
using System.IO.Pipelines;

namespace Grid.Gateway.Wire;

/// <summary>
/// Reads events from NDJSON line by line and tells them to the grid without waiting for each: up to a limit are under way at a time, in the order of
/// their lines. A line at fault is rejected and the next goes on.
/// </summary>
internal sealed class EventStream(IGrid grid, EventReader reader, GatewayOptions options, TimeProvider time)
{
    private readonly Queue<Waiting> _waiting = new();
    private bool _skipping;

    /// <summary>What became of the lines so far.</summary>
    public StreamReceipt Receipt { get; } = new(options.MaxRejectionsTold);

    /// <exception cref="GridException">The grid took no more; what it had taken by then is in <see cref="Receipt"/> after <see cref="DrainAsync"/>.</exception>
    public async Task ReadAsync(PipeReader body)
    {
        bool isLast;
        do
        {
            var result = await body.ReadAsync().ConfigureAwait(false);
            isLast = result.IsCompleted;
            var rest = result.Buffer;
            try
            {
                rest = await TakeLinesAsync(rest, isLast).ConfigureAwait(false);
            }
            finally
            {
                // Whatever was raised: a reader that is left reading makes the server break the connection off.
                body.AdvanceTo(rest.Start, result.Buffer.End);
            }
        }
        while (!isLast);
    }

    /// <summary>Waits for what is still under way.</summary>
    /// <returns>What the grid raised meanwhile; null where it raised nothing.</returns>
    public async Task<Exception?> DrainAsync()
    {
        Exception? failed = null;
        while (_waiting.Count > 0)
        {
            try
            {
                await ReceiveOldestAsync().ConfigureAwait(false);
            }
            catch (Exception raised) when (raised is GridException or TimeoutException or OperationCanceledException)
            {
                failed ??= raised is TimeoutException ? new OperationCanceledException(raised.Message, raised) : raised;
            }
        }

        return failed;
    }

    /// <returns>The begin of a line whose end has not come.</returns>
    private async ValueTask<ReadOnlySequence<byte>> TakeLinesAsync(ReadOnlySequence<byte> rest, bool isLast)
    {
        while (Body.TryTakeLine(ref rest, out var line))
        {
            await TakeAsync(line).ConfigureAwait(false);
        }

        if (isLast)
        {
            if (_skipping || !rest.IsEmpty)
            {
                await TakeAsync(Body.TrimReturn(rest)).ConfigureAwait(false);
            }

            return rest.Slice(rest.End);
        }

        if (rest.Length <= options.MaxLineBytes)
        {
            return rest;
        }

        // Rejected when its end is found; what is here of it is not kept.
        _skipping = true;
        return rest.Slice(rest.End);
    }

    private ValueTask TakeAsync(in ReadOnlySequence<byte> line)
    {
        if (!_skipping && Body.IsBlank(line))
        {
            Receipt.Lines++;
            return ValueTask.CompletedTask;
        }

        var number = ++Receipt.Lines;
        if (_skipping || line.Length > options.MaxLineBytes)
        {
            _skipping = false;
            Reject(number, new("", "a longer line", $"at most {options.MaxLineBytes} bytes a line"));
        }
        else if (reader.Read(line, out var happened) is { } fault)
        {
            Reject(number, fault);
        }
        else
        {
            _waiting.Enqueue(new(number, happened, grid.IngestAsync(happened!, CancellationToken.None)));
        }

        return _waiting.Count < options.PipelinedEvents ? ValueTask.CompletedTask : ReceiveAsync();
    }

    // It waits its turn, so that rejections are told in the order of their lines.
    private void Reject(long line, ValidationError fault) => _waiting.Enqueue(new(line, null, new(EventReceipt.Rejected(fault))));

    /// <summary>Receives the oldest, and then whatever has come with it.</summary>
    private async ValueTask ReceiveAsync()
    {
        do
        {
            await ReceiveOldestAsync().ConfigureAwait(false);
        }
        while (_waiting.TryPeek(out var oldest) && oldest.Receipt.IsCompleted);
    }

    private ValueTask ReceiveOldestAsync()
    {
        var oldest = _waiting.Dequeue();
        if (oldest.Receipt.IsCompletedSuccessfully)
        {
            Received(oldest, oldest.Receipt.Result);
            return ValueTask.CompletedTask;
        }

        return WaitAsync(oldest);
    }

    private async ValueTask WaitAsync(Waiting oldest) =>
        Received(oldest, await oldest.Receipt.AsTask().WaitAsync(options.Deadline, time).ConfigureAwait(false));

    private void Received(in Waiting answered, EventReceipt receipt)
    {
        if (answered.Happened is not null)
        {
            reader.Return(answered.Happened);
        }

        Receipt.Add(answered.Line, receipt);
    }

    private readonly record struct Waiting(long Line, Event? Happened, ValueTask<EventReceipt> Receipt);
}

using System.Buffers;
using System.IO.Pipelines;

namespace Grid.Gateway.Wire;

/// <summary>
/// Reads events from NDJSON line by line and ingests them in the order of their lines, with up to
/// <see cref="GatewayOptions.PipelinedEvents"/> receipts outstanding. An invalid line is rejected and the stream continues.
/// </summary>
internal sealed class EventStream(IGrid grid, EventReader reader, GatewayOptions options, TimeProvider time)
{
    private readonly Queue<Waiting> _waiting = new();
    private bool _skipping;

    /// <summary>The receipts of the lines so far.</summary>
    public StreamReceipt Receipt { get; } = new(options.MaxRejectionsTold);

    /// <exception cref="GridException">
    /// The grid accepts no more events; <see cref="Receipt"/> is complete for the events sent before once <see cref="DrainAsync"/> returns.
    /// </exception>
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
                // Also after an exception: the server closes the connection if a read is left open.
                body.AdvanceTo(rest.Start, result.Buffer.End);
            }
        }
        while (!isLast);
    }

    /// <summary>Waits for the outstanding receipts.</summary>
    /// <returns>The first exception of the grid; null if there was none.</returns>
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

    /// <returns>The start of a line whose end was not received yet.</returns>
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

        // The line is rejected when its end is found; its bytes are discarded.
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

    // Queued, so that rejections are reported in the order of their lines.
    private void Reject(long line, ValidationError fault) => _waiting.Enqueue(new(line, null, new(EventReceipt.Rejected(fault))));

    /// <summary>Awaits the oldest receipt, then takes all further receipts that are complete.</summary>
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

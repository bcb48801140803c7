using Grid.Gateway.Metrics;
using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Grid.Gateway.Endpoints;

/// <summary><c>POST /v1/events/{type}</c>: ingests one event as JSON, or several as NDJSON.</summary>
internal sealed class EventEndpoint(
    IGrid grid, EventReaders readers, ProblemAnswers problems, GatewayMetrics metrics, ObjectPool<Scratch> scratches,
    IOptions<GatewayOptions> options, TimeProvider time)
{
    private readonly GatewayOptions _options = options.Value;

    public Task IngestAsync(HttpContext context)
    {
        var type = RequestPath.Value(context, "type");
        var contentType = context.Request.ContentType;
        if (readers.Of(type) is not { } reader)
        {
            return problems.AnswerAsync(context, GridException.Unknown("event type", Problem.Cut(type), readers.Types));
        }

        if (Body.Is(contentType, Answer.Json))
        {
            return OneAsync(context, type, reader);
        }

        return Body.Is(contentType, Body.NdJson)
            ? ManyAsync(context, type, reader)
            : problems.AnswerAsync(context, Problem.UnsupportedMedia(contentType, $"{Answer.Json} (one event) or {Body.NdJson} (one event a line)"));
    }

    private async Task OneAsync(HttpContext context, string type, EventReader reader)
    {
        var started = time.GetTimestamp();
        var scratch = scratches.Get();
        try
        {
            ValidationError? fault;
            Event? happened;
            using (var body = RequestBody.Open(context.Request, _options.BodyLimit))
            {
                fault = reader.Read(await body.ReadWholeAsync().ConfigureAwait(false), out happened);
            }

            var receipt = fault is null
                ? await grid.IngestAsync(happened!, scratch.StartDeadline(_options.Deadline)).ConfigureAwait(false)
                : EventReceipt.Rejected(fault);
            if (happened is not null)
            {
                reader.Return(happened);
            }

            metrics.Ingested(type, receipt.Outcome);
            if (receipt.Outcome == EventOutcome.Rejected)
            {
                await problems.AnswerAsync(context, Problem.Of(receipt)).ConfigureAwait(false);
                return;
            }

            ReceiptJson.Write(scratch.Json, receipt);
            await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);
            metrics.Answered("event", time.GetElapsedTime(started));
        }
        catch (Exception raised)
        {
            await problems.AnswerAsync(context, raised).ConfigureAwait(false);
        }
        finally
        {
            scratches.Return(scratch);
        }
    }

    private async Task ManyAsync(HttpContext context, string type, EventReader reader)
    {
        var started = time.GetTimestamp();
        var stream = new EventStream(grid, reader, _options, time);
        Exception? failed = null;
        try
        {
            using var body = RequestBody.Open(context.Request, _options.MaxStreamBytes);
            await stream.ReadAsync(await body.ReadLinesAsync().ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception raised)
        {
            failed = raised;
        }

        failed = await stream.DrainAsync().ConfigureAwait(false) ?? failed;
        var receipt = stream.Receipt;
        metrics.Ingested(type, EventOutcome.Accepted, receipt.Accepted);
        metrics.Ingested(type, EventOutcome.Duplicate, receipt.Duplicates);
        metrics.Ingested(type, EventOutcome.Rejected, receipt.Rejected);
        if (failed is not null)
        {
            await problems.AnswerAsync(context, failed, receipt).ConfigureAwait(false);
            return;
        }

        var scratch = scratches.Get();
        receipt.Write(scratch.Json);
        await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);
        scratches.Return(scratch);
        metrics.Answered("stream", time.GetElapsedTime(started));
    }
}

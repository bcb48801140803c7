using System.Globalization;
using Grid.Gateway.Metrics;
using Grid.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Grid.Gateway.Wire;

/// <summary>Writes problems as responses, and maps exceptions to problems.</summary>
internal sealed class ProblemAnswers(ObjectPool<Scratch> scratches, GatewayMetrics metrics, IOptions<GatewayOptions> options, ILogger<ProblemAnswers> log)
{
    private readonly string _retryAfter = ((long)Math.Ceiling(options.Value.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Responds with a problem; with <paramref name="soFar"/>, it includes the receipt of the stream up to then.</summary>
    public async Task AnswerAsync(HttpContext context, Problem problem, StreamReceipt? soFar = null)
    {
        metrics.Failed(problem.Code);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = _retryAfter;
        }

        if (problem.AcceptEncoding is { } encodings)
        {
            context.Response.Headers.AcceptEncoding = encodings;
        }

        var scratch = scratches.Get();
        ProblemJsonWriter.Write(scratch.Json, problem, soFar);
        scratch.Json.Flush();
        await Answer.BytesAsync(context.Response, problem.Status, Answer.ProblemJson, scratch.Buffer.WrittenMemory).ConfigureAwait(false);
        scratches.Return(scratch);
    }

    /// <summary>Responds with the problem for an exception; sends no response if the client has disconnected.</summary>
    public Task AnswerAsync(HttpContext context, Exception raised, StreamReceipt? soFar = null)
    {
        if (HasGone(context, raised))
        {
            // Otherwise Kestrel continues to read the body while a read is pending, and logs that as its own error.
            context.Abort();
            return Task.CompletedTask;
        }

        return AnswerAsync(context, Of(context, raised), soFar);
    }

    // The server throws different exceptions for a reset, an abort and a premature end of the body; all of them cancel RequestAborted.
    private static bool HasGone(HttpContext context, Exception raised) =>
        raised is ConnectionResetException or ConnectionAbortedException
            or OperationCanceledException { InnerException: ConnectionAbortedException }
        || (raised is BadHttpRequestException && context.RequestAborted.IsCancellationRequested);

    private Problem Of(HttpContext context, Exception raised)
    {
        switch (raised)
        {
            case ProblemException known:
                return known.Problem;
            case GridException fault:
                return Problem.Of(fault);
            case OperationCanceledException:
                return Problem.DeadlinePassed($"The grid did not answer within {options.Value.Deadline.TotalSeconds} s. Asking again with the same event id is safe.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Problem.TooLarge(options.Value.MaxStreamBytes);
            case BadHttpRequestException bad:
                return new(bad.StatusCode, GridProblem.CodeOf(GridError.InvalidInput), "The request is at fault.", bad.Message);
            default:
                GatewayLog.Failed(log, context.Request.Path, raised);
                return Problem.Internal;
        }
    }
}

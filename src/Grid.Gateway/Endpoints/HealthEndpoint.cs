using Grid.Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.ObjectPool;

namespace Grid.Gateway.Endpoints;

/// <summary>
/// <c>/health/live</c>: the process is running. <c>/health/ready</c>: whether the process accepts work, with the reasons if it does not. It
/// is ready if every check tagged <c>ready</c> is healthy (the engine registers one for its disk) and the process is not stopping.
/// </summary>
internal sealed class HealthEndpoint(HealthCheckService checks, IHostApplicationLifetime lifetime, ObjectPool<Scratch> scratches)
{
    /// <summary>The tag of the checks that decide whether the process is ready.</summary>
    public const string ReadyTag = "ready";

    public static async Task LiveAsync(HttpContext context) =>
        await Answer.BytesAsync(context.Response, StatusCodes.Status200OK, Answer.Json, "{\"status\":\"live\"}"u8.ToArray()).ConfigureAwait(false);

    public async Task ReadyAsync(HttpContext context)
    {
        var reasons = new List<(string Check, string Reason)>();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            reasons.Add(("gateway", "The process is stopping; it answers what it has taken and takes no more."));
        }

        var report = await checks.CheckHealthAsync(check => check.Tags.Contains(ReadyTag), context.RequestAborted).ConfigureAwait(false);
        foreach (var (name, entry) in report.Entries)
        {
            if (entry.Status != HealthStatus.Healthy)
            {
                reasons.Add((name, entry.Description ?? entry.Exception?.Message ?? "It gave no reason."));
            }
        }

        await AnswerAsync(context.Response, reasons).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpResponse response, List<(string Check, string Reason)> reasons)
    {
        var scratch = scratches.Get();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("status"u8, reasons.Count == 0 ? "ready" : "not ready");
        json.WriteStartArray("reasons"u8);
        foreach (var (check, reason) in reasons)
        {
            json.WriteStartObject();
            json.WriteString("check"u8, check);
            json.WriteString("reason"u8, reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        var status = reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await Answer.BytesAsync(response, status, Answer.Json, scratch.Buffer.WrittenMemory).ConfigureAwait(false);
        scratches.Return(scratch);
    }
}

using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Grid.Gateway.Dashboard;
using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Grid.Gateway.Endpoints;

/// <summary>The dashboard page, embedded in this assembly, and <c>/v1/dashboard?after=N</c>, which returns the new decisions.</summary>
internal sealed class DashboardEndpoint(IGrid grid, RecentDecisions recent, ApiKeys keys, ObjectPool<Scratch> scratches, TimeProvider time)
{
    private const int MostAtOnce = 60;

    private readonly long _started = time.GetUtcNow().ToUnixTimeMilliseconds();

    public static RequestDelegate Page(string resource, string contentType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("dashboard/" + resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return async context =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-cache";
            await Answer.BytesAsync(context.Response, StatusCodes.Status200OK, contentType, bytes).ConfigureAwait(false);
        };
    }

    public async Task NewsAsync(HttpContext context)
    {
        _ = long.TryParse(context.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        var scratch = scratches.Get();
        Write(scratch.Json, after);
        context.Response.Headers.CacheControl = "no-store";
        await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);
        scratches.Return(scratch);
    }

    private void Write(Utf8JsonWriter json, long after)
    {
        var latencies = recent.LatencyAt(0.5, 0.99);
        json.WriteStartObject();
        json.WriteString("bundle"u8, $"{grid.Schema.Bundle} {grid.Schema.Version}");
        json.WriteBoolean("keys"u8, !keys.AreOff);
        json.WriteNumber("started"u8, _started);
        json.WriteNumber("now"u8, time.GetUtcNow().ToUnixTimeMilliseconds());
        json.WriteNumber("count"u8, recent.Count);
        WriteMilliseconds(json, "p50_ms"u8, latencies[0]);
        WriteMilliseconds(json, "p99_ms"u8, latencies[1]);
        json.WriteStartObject("actions"u8);
        foreach (var action in recent.Actions)
        {
            json.WriteNumber(action.Action, Volatile.Read(ref action.Count));
        }

        json.WriteEndObject();
        json.WriteStartArray("decisions"u8);
        foreach (var served in recent.After(after, MostAtOnce))
        {
            json.WriteStartObject();
            json.WriteNumber("number"u8, served.Number);
            WriteMilliseconds(json, "latency_ms"u8, served.Latency);
            json.WritePropertyName("decision"u8);
            DecisionJson.Write(json, served.Decision);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMilliseconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? time)
    {
        if (time is { } known)
        {
            json.WriteNumber(name, Math.Round(known.TotalMilliseconds, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}

using System.Text;
using Grid.Gateway.Metrics;
using Grid.Gateway.OpenApi;
using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Grid.Gateway.Endpoints;

/// <summary>The gateway's description of itself: <c>/v1/schema</c>, <c>/openapi/v1.json</c>, <c>/metrics</c>.</summary>
internal sealed class DescriptionEndpoint(IGrid grid, MetricsListener measured, ObjectPool<Scratch> scratches)
{
    private readonly Lazy<byte[]> _openApi = new(() => Encoding.UTF8.GetBytes(OpenApiDocument.Write(grid.Schema)));

    public async Task SchemaAsync(HttpContext context)
    {
        var scratch = scratches.Get();
        SchemaJson.Write(scratch.Json, grid.Schema);
        await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);
        scratches.Return(scratch);
    }

    public async Task OpenApiAsync(HttpContext context) =>
        await Answer.BytesAsync(context.Response, StatusCodes.Status200OK, Answer.Json, _openApi.Value).ConfigureAwait(false);

    public async Task MetricsAsync(HttpContext context) =>
        await Answer.BytesAsync(context.Response, StatusCodes.Status200OK, PrometheusText.ContentType, Encoding.UTF8.GetBytes(measured.Scrape())).ConfigureAwait(false);
}

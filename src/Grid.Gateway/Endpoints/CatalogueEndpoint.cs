using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Grid.Gateway.Endpoints;

/// <summary><c>GET /v1/features</c>: every feature with its tier and the measured cost of reading it.</summary>
internal sealed class CatalogueEndpoint(IGrid grid, ProblemAnswers problems, ObjectPool<Scratch> scratches, IOptions<GatewayOptions> options)
{
    public async Task ListAsync(HttpContext context)
    {
        var scratch = scratches.Get();
        try
        {
            var entries = await grid.ListFeaturesAsync(scratch.StartDeadline(options.Value.Deadline)).ConfigureAwait(false);
            CatalogueJson.Write(scratch.Json, entries);
            await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);
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
}

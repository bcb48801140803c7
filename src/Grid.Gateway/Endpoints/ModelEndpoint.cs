using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Grid.Gateway.Endpoints;

/// <summary><c>POST /v1/models/{name}/reload</c>: reloads a model of this process from its file.</summary>
/// <param name="problems">Writes error responses.</param>
/// <param name="scratches">Buffers for responses.</param>
/// <param name="models">Null in a process without models, such as a gateway in front of a cluster.</param>
internal sealed class ModelEndpoint(ProblemAnswers problems, ObjectPool<Scratch> scratches, IModelReloads? models = null)
{
    public async Task ReloadAsync(HttpContext context)
    {
        var scratch = scratches.Get();
        try
        {
            if (models is null)
            {
                throw GridException.Invalid(new("model", "a process that runs no models", "a silo: send the reload to each silo of the cluster"));
            }

            var reload = await models.ReloadAsync((string)context.Request.RouteValues["name"]!, context.RequestAborted).ConfigureAwait(false);
            ModelReloadJson.Write(scratch.Json, reload);
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

using System.Buffers;
using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Grid.Gateway.Endpoints;

/// <summary><c>POST /v1/batches/{kind}</c>: loads values of batch features from NDJSON, one entity per line.</summary>
internal sealed class BatchEndpoint(IGrid grid, ProblemAnswers problems, ObjectPool<Scratch> scratches, IOptions<GatewayOptions> options)
{
    private readonly int _most = (int)Math.Min(options.Value.MaxStreamBytes, Array.MaxLength);

    public async Task LoadAsync(HttpContext context)
    {
        if (!Body.Is(context.Request.ContentType, Body.NdJson))
        {
            await problems.AnswerAsync(context, Problem.UnsupportedMedia(context.Request.ContentType, $"{Body.NdJson} (one entity a line)")).ConfigureAwait(false);
            return;
        }

        var scratch = scratches.Get();
        try
        {
            BatchFile file;
            using (var body = RequestBody.Open(context.Request, _most))
            {
                var text = await body.ReadWholeAsync().ConfigureAwait(false);
                file = BatchJson.Read(RequestPath.Value(context, "kind"), text.IsSingleSegment ? text.First : text.ToArray());
            }

            // A large file takes long to validate and write, so this waits without a deadline until the client disconnects.
            var receipt = await grid.LoadBatchAsync(file, context.RequestAborted).ConfigureAwait(false);
            BatchJson.Write(scratch.Json, receipt);
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

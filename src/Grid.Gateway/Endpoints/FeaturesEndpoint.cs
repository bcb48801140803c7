using System.Globalization;
using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Grid.Gateway.Endpoints;

/// <summary><c>GET /v1/entities/{kind}/{key}/features?at=…</c>: every feature of an entity at a given time.</summary>
internal sealed class FeaturesEndpoint(IGrid grid, ProblemAnswers problems, ObjectPool<Scratch> scratches, IOptions<GatewayOptions> options)
{
    public async Task ReadAsync(HttpContext context)
    {
        if (Read(context, out var entity, out var at) is { } fault)
        {
            await problems.AnswerAsync(context, Problem.Of(fault)).ConfigureAwait(false);
            return;
        }

        var scratch = scratches.Get();
        try
        {
            var read = await grid.ReadFeaturesAsync(entity, at, scratch.StartDeadline(options.Value.Deadline)).ConfigureAwait(false);
            EntityFeaturesJson.Write(scratch.Json, read);
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

    private static ValidationError? Read(HttpContext context, out EntityId entity, out EventTime? at)
    {
        (entity, at) = (default, null);
        foreach (var (name, value) in context.Request.Query)
        {
            if (name != "at" || value.Count != 1)
            {
                return new(Problem.Cut(name), value.Count > 1 ? "it more than once" : "it", "only 'at', once");
            }

            if (!TryReadMoment(value[0]!, out var moment))
            {
                return new("at", $"'{Problem.Cut(value[0]!)}'", "a moment in ISO 8601, such as 2018-07-25T00:00:29Z, or in Unix milliseconds");
            }

            at = moment;
        }

        entity = new(RequestPath.Value(context, "kind"), RequestPath.Value(context, "key"));
        return null;
    }

    private static bool TryReadMoment(string text, out EventTime moment)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            var fits = milliseconds <= EventTime.MaxUnixMilliseconds;
            moment = fits ? EventTime.FromUnixMilliseconds(milliseconds) : default;
            return fits;
        }

        // A plus in a query decodes to a space, so an offset such as +02:00 arrives without its sign.
        return EventTime.TryParse(text.Replace(' ', '+'), out moment) || EventTime.TryParse(text, out moment);
    }
}

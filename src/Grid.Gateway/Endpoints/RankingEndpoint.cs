using System.Collections.Frozen;
using Grid.Gateway.Metrics;
using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Grid.Gateway.Endpoints;

/// <summary><c>POST /v1/decisions/{name}</c> for a decision that ranks; the body has the request's fields and its candidates.</summary>
internal sealed class RankingEndpoint(
    IGrid grid, ProblemAnswers problems, GatewayMetrics metrics, ObjectPool<Scratch> scratches, IOptions<GatewayOptions> options,
    TimeProvider time)
{
    private const string Ranked = "ranked";

    private readonly FrozenDictionary<string, RankingReader> _readers = grid.Schema.Decisions
        .Where(decision => decision.Candidates is not null)
        .ToFrozenDictionary(
            decision => decision.Name,
            decision => new RankingReader(decision.Name, grid.Schema.Events.First(type => type.Type == decision.Event), decision.Candidates!));

    /// <summary>Whether the bundle has a decision that ranks.</summary>
    public bool RanksAny => _readers.Count > 0;

    public bool Ranks(string decision) => _readers.ContainsKey(decision);

    /// <summary>Handles a request whose content type was already checked.</summary>
    public async Task RankAsync(HttpContext context, string decision, long started)
    {
        var scratch = scratches.Get();
        try
        {
            var reader = _readers[decision];
            ValidationError? fault;
            Event request;
            List<Event> candidates;
            using (var body = RequestBody.Open(context.Request, options.Value.MaxBodyBytes ?? reader.BodyLimit))
            {
                fault = reader.Read(await body.ReadWholeAsync().ConfigureAwait(false), out request, out candidates);
            }

            if (fault is not null)
            {
                await problems.AnswerAsync(context, Problem.Of(fault)).ConfigureAwait(false);
                return;
            }

            var ranking = await grid.RankAsync(decision, request, candidates, scratch.StartDeadline(options.Value.Deadline)).ConfigureAwait(false);
            RankingJson.Write(scratch.Json, ranking);
            await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);
            metrics.Decided(decision, Ranked);
            metrics.Answered("rank", time.GetElapsedTime(started));
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

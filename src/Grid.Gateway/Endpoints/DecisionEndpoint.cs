using System.Collections.Frozen;
using Grid.Gateway.Dashboard;
using Grid.Gateway.Metrics;
using Grid.Gateway.Wire;
using Grid.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Grid.Gateway.Endpoints;

/// <summary><c>POST /v1/decisions/{name}</c>: makes a decision. <c>GET /v1/decisions/{id}</c>: finds an earlier decision.</summary>
internal sealed class DecisionEndpoint
{
    private readonly IGrid _grid;
    private readonly RankingEndpoint _rankings;
    private readonly ProblemAnswers _problems;
    private readonly RecentDecisions _recent;
    private readonly GatewayMetrics _metrics;
    private readonly ObjectPool<Scratch> _scratches;
    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, EventReader> _readers;

    public DecisionEndpoint(
        IGrid grid, EventReaders readers, RankingEndpoint rankings, ProblemAnswers problems, RecentDecisions recent, GatewayMetrics metrics,
        ObjectPool<Scratch> scratches, IOptions<GatewayOptions> options, TimeProvider time)
    {
        (_grid, _rankings, _problems, _recent, _metrics) = (grid, rankings, problems, recent, metrics);
        (_scratches, _options, _time) = (scratches, options.Value, time);
        _readers = grid.Schema.Decisions.ToFrozenDictionary(decision => decision.Name, decision => readers.Of(decision.Event)!);
    }

    public async Task DecideAsync(HttpContext context)
    {
        var started = _time.GetTimestamp();
        var name = RequestPath.Value(context, "name");
        if (!_readers.TryGetValue(name, out var reader))
        {
            await _problems.AnswerAsync(context, GridException.Unknown("decision", Problem.Cut(name), _readers.Keys)).ConfigureAwait(false);
            return;
        }

        if (!Body.Is(context.Request.ContentType, Answer.Json))
        {
            await _problems.AnswerAsync(context, Problem.UnsupportedMedia(context.Request.ContentType, Answer.Json)).ConfigureAwait(false);
            return;
        }

        if (_rankings.Ranks(name))
        {
            await _rankings.RankAsync(context, name, started).ConfigureAwait(false);
            return;
        }

        var scratch = _scratches.Get();
        try
        {
            ValidationError? fault;
            Event? request;
            using (var body = RequestBody.Open(context.Request, _options.BodyLimit))
            {
                fault = reader.Read(await body.ReadWholeAsync().ConfigureAwait(false), out request);
            }

            if (fault is not null)
            {
                await _problems.AnswerAsync(context, Problem.Of(fault)).ConfigureAwait(false);
                return;
            }

            var decision = await _grid.DecideAsync(name, request!, scratch.StartDeadline(_options.Deadline)).ConfigureAwait(false);
            reader.Return(request!);
            DecisionJson.Write(scratch.Json, decision);
            await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);

            var elapsed = _time.GetElapsedTime(started);
            _recent.Add(decision, elapsed);
            _metrics.Decided(decision.Name, decision.Action);
            _metrics.Answered("decide", elapsed);
        }
        catch (Exception raised)
        {
            await _problems.AnswerAsync(context, raised).ConfigureAwait(false);
        }
        finally
        {
            _scratches.Return(scratch);
        }
    }

    public async Task FindAsync(HttpContext context)
    {
        var id = RequestPath.Value(context, "name");
        var scratch = _scratches.Get();
        try
        {
            var deadline = scratch.StartDeadline(_options.Deadline);
            var found = await _grid.FindDecisionAsync(id, deadline).ConfigureAwait(false);
            if (found is null && _rankings.RanksAny && await _grid.FindRankingAsync(id, deadline).ConfigureAwait(false) is { } ranking)
            {
                RankingJson.Write(scratch.Json, ranking);
                await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);
                return;
            }

            if (found is null)
            {
                var fault = new ValidationError("decision_id", $"'{Problem.Cut(id)}'", "the decision_id of a decision within the retention time");
                await _problems.AnswerAsync(context, new GridException(GridError.UnknownName, fault.ToString(), fault)).ConfigureAwait(false);
                return;
            }

            DecisionJson.Write(scratch.Json, found);
            await Answer.JsonAsync(context.Response, scratch).ConfigureAwait(false);
        }
        catch (Exception raised)
        {
            await _problems.AnswerAsync(context, raised).ConfigureAwait(false);
        }
        finally
        {
            _scratches.Return(scratch);
        }
    }
}

using Grid.Models;
using Grid.Postgres;

using Orleans.Concurrency;

namespace Grid.Orleans;

/// <inheritdoc cref="IGridGrain"/>
[StatelessWorker]
[Reentrant]
[GrainType(GrainIds.Grid)]
internal sealed class GridGrain(SiloCore core) : Grain, IGridGrain
{
    public Task<GridDescription> DescribeAsync(CancellationToken cancellation) => Task.FromResult(core.Description);

    public Task<EventReceipt> CheckAsync(string? decision, Event faulty, CancellationToken cancellation)
    {
        var call = core.Calls.Take();
        try
        {
            if (decision is null)
            {
                return Task.FromResult(Requests.TryRead(core, faulty, call.Frame.Row, out _) is { } rejected ? EventReceipt.Rejected(rejected) : EventReceipt.Accepted);
            }

            if (!core.DecisionsByName.TryGetValue(decision, out var facts))
            {
                throw GridException.Unknown("decision", decision, core.DecisionsByName.Keys.Order());
            }

            return Requests.FaultOf(core, faulty, facts.On, call.Frame.Row) is { } fault ? throw GridException.Invalid(fault) : Task.FromResult(EventReceipt.Accepted);
        }
        finally
        {
            core.Calls.Give(call);
        }
    }

    public Task<BatchReceipt> LoadBatchAsync(BatchFile file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Task.Run(() => core.Loader.LoadAsync(file), CancellationToken.None).WaitAsync(cancellation);
    }

    public Task<FeatureList> ListFeaturesAsync(CancellationToken cancellation) => Task.Run(() => SiloCatalogue.List(core), cancellation);
}

/// <inheritdoc cref="IModelGrain"/>
[StatelessWorker]
[GrainType(GrainIds.Model)]
internal sealed class ModelGrain(SiloCore core, ModelCatalog models) : Grain, IModelGrain
{
    private Scorer? _scorer;

    public Task<ModelScore> ScoreAsync(float[] vector, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(vector);
        _scorer ??= (models.TryGet(this.GetPrimaryKeyString(), out var slot) ? slot : throw GridException.Unknown("model", this.GetPrimaryKeyString(), [])).CreateScorer(1);
        vector.CopyTo(_scorer.Row(0));
        var scored = _scorer.Run(1) == ScoreStatus.Scored;
        return Task.FromResult(new ModelScore(scored ? _scorer.ScoresOf(0).ToArray() : [], core.NameOf(_scorer.Model)));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _scorer?.Dispose();
        _scorer = null;
        return Task.CompletedTask;
    }
}

/// <summary>Finds out who took the label's event in, one label of an event after another; where nobody did, the label waits in the storage.</summary>
[GrainType(GrainIds.Label)]
internal sealed class LabelGrain(SiloCore core) : Grain, ILabelGrain
{
    private const int MostLooks = 8;

    public async Task<EventReceipt> IngestAsync(Event label, CancellationToken cancellation)
    {
        var call = core.Calls.Take();
        try
        {
            if (Requests.TryRead(core, label, call.Frame.Row, out var type) is { } fault)
            {
                return EventReceipt.Rejected(fault);
            }

            await core.Schemas.PutCurrentAsync();
            var target = core.Events[type!.Plan.Label!.Target];
            var key = new EventKey(target.Plan.Name, call.Frame.Row.Id, call.Frame.Row.IdHash);
            return await TakeInAsync(label, key, WaitingLabelBody.Of(core, call.Frame.Row, type), cancellation);
        }
        catch (LogUnavailableException e)
        {
            throw GridException.Unavailable($"The storage cannot be reached now: {e.Message}", e);
        }
        finally
        {
            core.Calls.Give(call);
        }
    }

    private async Task<EventReceipt> TakeInAsync(Event label, EventKey key, byte[] body, CancellationToken cancellation)
    {
        var waits = (await core.Storage.ReadWaitingAsync(key, cancellation)).Any(waiting => waiting.Span.SequenceEqual(body));
        for (var look = 0; look < MostLooks; look++)
        {
            EventReceipt? receipt = null;
            foreach (var owner in await core.Storage.OwnersOfAsync(key, cancellation))
            {
                var one = await core.PeerOf(owner).AmendAsync(label, cancellation);
                receipt = receipt is { Outcome: EventOutcome.Accepted } ? receipt : one ?? receipt;
            }

            if (receipt is not null)
            {
                if (waits)
                {
                    await core.Storage.RemoveWaitingAsync(key, body, cancellation);
                }

                return receipt;
            }

            if (waits && look == 0)
            {
                core.Metrics.Duplicate();
                return EventReceipt.Duplicate;
            }

            if (waits || !await core.Storage.AddWaitingAsync(key, body, cancellation))
            {
                core.Metrics.Labelled();
                return EventReceipt.Accepted;
            }

            waits = true; // Its event has come meanwhile: it is found at the next look.
        }

        return EventReceipt.Accepted;
    }
}

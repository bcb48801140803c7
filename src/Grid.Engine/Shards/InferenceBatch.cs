using Grid.Decisions.Hosting;

namespace Grid.Engine;

/// <summary>
/// One decision's rows in one shard: those that wait at the same moment are scored in one run of the model, those with features that timed out
/// in one of the fallback model. A lone one never waits.
/// </summary>
internal sealed class InferenceBatch : IDisposable
{
    private readonly EngineCore _core;
    private readonly ScoredRows _own;
    private readonly ScoredRows? _late;
    private long _started;

    public InferenceBatch(DecisionFacts decision, EngineCore core)
    {
        _core = core;
        var most = core.Options.MaxBatchRows;
        _own = new(core.Models.Own[decision.Plan.Ordinal], most);
        _late = core.Models.Fallbacks[decision.Plan.Ordinal] is { } slot ? new(slot, most) : null;
    }

    /// <summary>Takes a decision whose features are all read.</summary>
    public void AddOnShard(Shard shard, DecideOperation way)
    {
        if (_own.Count + (_late?.Count ?? 0) == 0)
        {
            _started = _core.Metrics.TimesTurns ? _core.Time.GetTimestamp() : 0;
        }

        way.Frame.Assemble(_own.NextRow);
        var batch = _own;
        if (way.Frame.UsesFallbackModel)
        {
            batch = _late!;
            way.Frame.AssembleFallback(batch.NextRow);
        }

        batch.Add(way);
        shard.RowAddedOnShard();
        if (batch.IsFull)
        {
            shard.ScoreOnShard();
        }
    }

    public void FlushOnShard(Shard shard)
    {
        var count = _own.FlushOnShard(shard);
        if (_late?.FlushOnShard(shard) is > 0 and var late)
        {
            _core.Metrics.ScoredByFallback(late);
            count += late;
        }

        if (count == 0)
        {
            return;
        }

        _core.Metrics.Decided(count);
        _core.Metrics.Scored(count);
        if (_started != 0)
        {
            _core.Metrics.Turned(_core.Time.GetElapsedTime(_started) / count);
        }
    }

    public void Dispose()
    {
        _own.Dispose();
        _late?.Dispose();
    }
}

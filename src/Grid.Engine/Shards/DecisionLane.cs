using System.Diagnostics;

using Grid.Decisions;
using Grid.Models;

namespace Grid.Engine;

/// <summary>One decision's rows in one shard: those that wait at the same moment are scored in one run of the model. A lone one never waits.</summary>
internal sealed class DecisionLane : IDisposable
{
    private readonly EngineCore _core;
    private readonly Scorer _scorer;
    private readonly DecisionWay[] _rows;
    private LoadedModel? _named;
    private string _model = "";
    private int _count;
    private long _started;

    public DecisionLane(DecisionFacts decision, EngineCore core)
    {
        _core = core;
        _scorer = core.Models[decision.Plan.Ordinal].CreateScorer(core.Options.MaxBatchRows);
        _rows = new DecisionWay[core.Options.MaxBatchRows];
    }

    /// <summary>Takes a decision whose features are all read.</summary>
    public void AddOnShard(Shard shard, DecisionWay way)
    {
        if (_count == 0)
        {
            _started = _core.Metrics.TimesTurns ? Stopwatch.GetTimestamp() : 0;
        }

        way.Frame.Assemble(_scorer.Row(_count));
        _rows[_count++] = way;
        shard.RowAddedOnShard();
        if (_count == _rows.Length)
        {
            shard.ScoreOnShard();
        }
    }

    public void FlushOnShard(Shard shard)
    {
        if (_count == 0)
        {
            return;
        }

        var count = _count;
        _count = 0;
        _scorer.Run(count);
        var model = ModelName();
        for (var i = 0; i < count; i++)
        {
            var way = _rows[i];
            _rows[i] = null!;
            if (_scorer.Statuses[i] == ScoreStatus.Scored)
            {
                way.Frame.Decide(_scorer.ScoresOf(i));
            }
            else
            {
                way.Frame.DecideWithoutScore();
            }

            way.DecidedOnShard(shard, model);
        }

        _core.Metrics.Decided(count);
        if (_started != 0)
        {
            _core.Metrics.Turned(Stopwatch.GetElapsedTime(_started) / count);
        }
    }

    public void Dispose() => _scorer.Dispose();

    // Made once per version: every answer shares it.
    private string ModelName()
    {
        if (!ReferenceEquals(_named, _scorer.Model))
        {
            _named = _scorer.Model;
            _model = $"{_named.Name}@{_named.Version}";
        }

        return _model;
    }
}

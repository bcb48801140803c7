using Grid.Models;

namespace Grid.Engine;

/// <summary>Rows of one decision in one shard that wait for the same model.</summary>
internal sealed class ScoredRows(ModelSlot slot, int most) : IDisposable
{
    private readonly Scorer _scorer = slot.CreateScorer(most);
    private readonly DecideOperation[] _rows = new DecideOperation[most];
    private LoadedModel? _named;
    private string _model = "";

    public int Count { get; private set; }

    public bool IsFull => Count == _rows.Length;

    /// <summary>The vector of the row that comes next, to be written before it is added.</summary>
    public Span<float> NextRow => _scorer.Row(Count);

    public void Add(DecideOperation way) => _rows[Count++] = way;

    /// <summary>Scores and answers all that wait.</summary>
    /// <returns>How many there were.</returns>
    public int FlushOnShard(Shard shard)
    {
        if (Count == 0)
        {
            return 0;
        }

        var count = Count;
        Count = 0;
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

        return count;
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

using Grid.Decisions.Plans;

namespace Grid.Cli.Freshness;

/// <summary>How well each variation of the rankings put first what was chosen, and what reading cost.</summary>
internal sealed class RankingResults
{
    private readonly List<double>[] _ndcg;
    private readonly List<double>[] _hits;
    private EventTime? _first;
    private EventTime _last;

    public RankingResults(DecisionPlan decision)
    {
        Decision = decision;
        Subjects = Subject.Of(decision);
        Costs = [new(decision.Own, isOwn: true), .. decision.Foreign.Select(read => new ReadCosts(read, isOwn: false))];
        var variations = Subjects[^1].Removed + 1;
        (_ndcg, _hits) = ([.. Enumerable.Range(0, variations).Select(_ => new List<double>())], [.. Enumerable.Range(0, variations).Select(_ => new List<double>())]);
    }

    public DecisionPlan Decision { get; }

    public IReadOnlyList<Subject> Subjects { get; }

    public IReadOnlyList<ReadCosts> Costs { get; }

    /// <summary>How many were asked for.</summary>
    public int Rankings { get; private set; }

    /// <summary>How many are judged: something was chosen.</summary>
    public int Judged => _ndcg[0].Count;

    /// <summary>The candidates of those that are judged.</summary>
    public int Candidates { get; private set; }

    /// <summary>How many candidates were scored by the grid from what every owner had answered, and so must come out the same when they are scored again.</summary>
    public int Compared { get; private set; }

    /// <summary>How many of these came out otherwise.</summary>
    public int Unequal { get; private set; }

    /// <summary>From the first ranking to the last, in seconds.</summary>
    public double Seconds => _first is { } first ? (_last.UnixMilliseconds - first.UnixMilliseconds) / 1e3 : double.NaN;

    public int Entities { get; private set; }

    public long Bytes { get; private set; }

    public void Asked(EventTime at)
    {
        _first ??= at;
        _last = at;
        Rankings++;
    }

    /// <summary>Takes the scores of one ranking, by variation and candidate.</summary>
    public void Take(double[][] scores, bool[] chosen)
    {
        Candidates += chosen.Length;
        for (var variation = 0; variation < scores.Length; variation++)
        {
            _ndcg[variation].Add(Places.Ndcg(scores[variation], chosen));
            _hits[variation].Add(Places.Hit(scores[variation], chosen));
        }
    }

    /// <summary>Compares a candidate as the grid scored it with the same scored again.</summary>
    public void Compare(RankedItem made, double again)
    {
        if (!made.ByFallbackModel && made.Features.All(feature => feature.Source == FeatureSource.Owner))
        {
            Compared++;
            Unequal += made.Score.Equals(again) ? 0 : 1;
        }
    }

    public void Held(int entities, long bytes) => (Entities, Bytes) = (entities, bytes);

    public (double Ndcg, double Hits) Figures(int variation) => (_ndcg[variation].Average(), _hits[variation].Average());
}

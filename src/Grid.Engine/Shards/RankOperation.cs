using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Binary;

namespace Grid.Engine;

/// <summary>
/// The way of a ranking: everything that its candidates need is gathered at once, then the owner's turn scores all of them in one run of the model
/// (in one of the fallback model those with features that timed out), decides on each, puts them in order and journals the whole as one record.
/// </summary>
internal sealed class RankOperation(EngineCore core, TurnFrame frame, Completion completion) : DecideOperation(core, frame, completion)
{
    private RankFrame? _rank;
    private IReadOnlyList<EntityId> _timedOut = [];
    private int[] _wants = [];
    private long _started;

    /// <summary>Starts a ranking of the candidates that a frame holds, which is the way's own from here on.</summary>
    public void Start(DecisionFacts decision, RankFrame rank)
    {
        Begin(decision);
        (_rank, _timedOut, _started) = (rank, [], Core.Time.GetTimestamp());
        StartFetch();
    }

    // By read, one want for the request or one for each candidate.
    protected override void AddWants(FeatureFetch fetch)
    {
        var rank = _rank!;
        var reads = Decision.Foreign;
        _wants = _wants.Length < reads.Length * rank.Count ? new int[reads.Length * rank.Count] : _wants;
        for (var i = 0; i < reads.Length; i++)
        {
            for (var candidate = 0; candidate < (IsShared(i) ? 1 : rank.Count); candidate++)
            {
                var key = rank[candidate].Row[reads[i].KeySlot].Text;
                _wants[(i * rank.Count) + candidate] = string.IsNullOrEmpty(key) ? -1 : fetch.Want(i, key);
            }
        }
    }

    protected override void TakeFetched(FeatureFetch fetch)
    {
        var rank = _rank!;
        for (var i = 0; i < Decision.Foreign.Length; i++)
        {
            for (var candidate = 0; candidate < (IsShared(i) ? 1 : rank.Count); candidate++)
            {
                ReadFetched(fetch, i, _wants[(i * rank.Count) + candidate], rank[candidate]);
            }

            if (IsShared(i))
            {
                rank.Share(Decision.Foreign[i]);
            }
        }

        _timedOut = fetch.TimedOut();
        Core.Metrics.Fetched(Core.Time.GetElapsedTime(_started));
    }

    protected override bool IsFirst(JournalRecord record) => record.IsRanking && record.Decision == Decision.Plan.Ordinal;

    protected override bool AsksTheSame(JournalRecord record) => RankingRecord.IsOf(record.Answer.Span, record.Decided!.Shape, _rank!);

    protected override void StartAgain()
    {
        _rank!.TakeTime(Row.At);
        Start(Decision, _rank);
    }

    protected override object AnswerOf(JournalRecord record) => record.ToRanking(DecisionId.Of(record.Position), duplicate: true);

    protected override void ScoreOnShard(Shard shard)
    {
        var rank = _rank!;
        var own = Decision.Plan.Own;
        shard.Entities.Store.Read(Owner, Row.At, own.Features.AsSpan(), rank[0].ReadsOf(own));
        rank.Share(own);
        var scorer = shard.RankScorerOnShard(Decision);
        var late = Decision.Plan.FallbackModel is null ? null : shard.FallbackRankScorerOnShard(Decision);
        var (rows, fallbackRows) = RankScoring.Assemble(rank, scorer, late);
        var started = Core.Time.GetTimestamp();
        if (rows > 0)
        {
            scorer.Run(rows);
        }

        if (fallbackRows > 0)
        {
            late!.Run(fallbackRows);
            rank.FallbackModel = $"{late.Model.Name}@{late.Model.Version}";
            Core.Metrics.ScoredByFallback(fallbackRows);
        }

        Core.Metrics.Ranked(rank.Count, Core.Time.GetElapsedTime(started));
        RankScoring.Decide(rank, scorer, late);
        rank.Order();
        AnswerOnShard(shard, $"{scorer.Model.Name}@{scorer.Model.Version}");
    }

    protected override bool TryAppendDecision(Shard shard, string model, bool applied)
    {
        var rank = _rank!;
        var scratch = shard.ScratchOf(16 + RowRecord.MaxBytes(Row, Type.Sent) + RankingRecord.MaxBytes(rank, model, _timedOut));
        var writer = new SpanWriter(scratch);
        writer.Byte((byte)(applied ? RecordKind.Ranking : RecordKind.LaterRanking));
        writer.VarUInt((ulong)Decision.Plan.Ordinal);
        RowRecord.Write(ref writer, Row, Type.Sent);
        var length = writer.Written + RankingRecord.Write(rank, model, _timedOut, scratch[writer.Written..]);
        return TryAppend(scratch[..length]);
    }

    protected override object ToAnswer(string id, string owner, string model) => _rank!.ToRanking(id, owner, (model, Core.BundleName), _timedOut);

    protected override void Ending()
    {
        base.Ending();
        if (_rank is { } rank)
        {
            _rank = null;
            Core.RankFrames.Give(rank);
        }
    }

    /// <summary>Whether what is read is the same for all candidates: the request names it.</summary>
    private bool IsShared(int foreign) => Decision.Foreign[foreign].KeySlot < Decision.Plan.Candidates!.FirstSlot;
}

using System.Diagnostics;
using Grid.Decisions.Hosting;
using Grid.Models;

namespace Grid.Engine;

/// <summary>
/// Owns the entities that hash to it. Its turns never overlap: who sends a message to a shard that nobody is in becomes its owner and runs it on
/// his own thread, with everything that comes in meanwhile; who finds it taken leaves the message and goes on. Methods whose name ends in
/// <c>OnShard</c> may run only in such a turn; a debug build checks it. Why so, and not a thread per shard: docs/decisions.
/// </summary>
internal sealed class Shard : IThreadPoolWorkItem, IDisposable
{
    private const int MostTurnsAtOnce = 64;

    private readonly MessageQueue _queue = new();
    private readonly InferenceBatch?[] _lanes;
    private readonly Scorer?[] _rankScorers;
    private readonly Scorer?[] _fallbackRankScorers;
    private int _messages;
    private int _rowsWaiting;
    private ShardMessage? _first;
    private Thread? _owner;

    public Shard(int number, EngineCore core)
    {
        (Number, Core) = (number, core);
        Entities = new(core);
        Answers = new(core);
        _lanes = new InferenceBatch?[core.Decisions.Length];
        _rankScorers = new Scorer?[core.Decisions.Length];
        _fallbackRankScorers = new Scorer?[core.Decisions.Length];
    }

    public int Number { get; }

    public EngineCore Core { get; }

    public ShardEntities Entities { get; private set; }

    public IdempotencyIndex Answers { get; }

    /// <summary>How many messages wait or run.</summary>
    public int Messages => Volatile.Read(ref _messages);

    /// <summary>Where a record is put together before it is appended.</summary>
    public byte[] Scratch { get; private set; } = new byte[4096];

    public Span<byte> ScratchOf(int bytes)
    {
        if (Scratch.Length < bytes)
        {
            Scratch = new byte[bytes * 2];
        }

        return Scratch;
    }

    /// <summary>Makes the caller the shard's owner, who must run the message now; or leaves the message in the queue.</summary>
    public bool TryEnter(ShardMessage message)
    {
        if (Interlocked.Increment(ref _messages) == 1)
        {
            return true;
        }

        _queue.Add(message);
        return false;
    }

    /// <summary>Runs a message and what has queued up behind it, up to a bound. Called by the owner alone.</summary>
    /// <returns>How many turns were run.</returns>
    public int Run(ShardMessage message)
    {
        TakeOwnership();
        var turns = 0;
        var done = 0;
        while (true)
        {
            message.RunOnShard(this);
            turns++;
            if (++done == Volatile.Read(ref _messages))
            {
                ScoreOnShard();
                GiveUpOwnership();
                if (Interlocked.Add(ref _messages, -done) == 0)
                {
                    return turns;
                }

                TakeOwnership();
                done = 0;
            }

            message = _queue.Take();
            if (turns >= MostTurnsAtOnce)
            {
                ScoreOnShard();
                GiveUpOwnership();
                Interlocked.Add(ref _messages, -done); // The message just taken is still counted, so the shard stays ours to hand over.
                HandOver(message);
                return turns;
            }
        }
    }

    /// <summary>Has the thread pool go on with a message of this shard, which the caller owns.</summary>
    public void HandOver(ShardMessage message)
    {
        _first = message;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        var first = _first!;
        _first = null;
        Scheduler.Resume(this, first);
    }

    /// <summary>The rows of a decision that wait to be scored together.</summary>
    public InferenceBatch InferenceBatchOnShard(DecisionFacts decision)
    {
        AssertOnShard();
        return _lanes[decision.Plan.Ordinal] ??= new(decision, Core);
    }

    /// <summary>Scores all candidates of a ranking in one run.</summary>
    public Scorer RankScorerOnShard(DecisionFacts decision)
    {
        AssertOnShard();
        return _rankScorers[decision.Plan.Ordinal] ??= Core.Models.Own[decision.Plan.Ordinal].CreateScorer(decision.Plan.Candidates!.Most);
    }

    /// <summary>Scores the candidates of a ranking with features that timed out, in one run of the fallback model.</summary>
    public Scorer FallbackRankScorerOnShard(DecisionFacts decision)
    {
        AssertOnShard();
        return _fallbackRankScorers[decision.Plan.Ordinal] ??= Core.Models.Fallbacks[decision.Plan.Ordinal]!.CreateScorer(decision.Plan.Candidates!.Most);
    }

    public void RowAddedOnShard() => _rowsWaiting++;

    /// <summary>Scores and answers every decision that waits for it. What follows in the shard may rely on nothing being half done.</summary>
    public void ScoreOnShard()
    {
        if (_rowsWaiting == 0)
        {
            return;
        }

        AssertOnShard();
        _rowsWaiting = 0;
        foreach (var lane in _lanes)
        {
            lane?.FlushOnShard(this);
        }
    }

    /// <summary>Drops every entity from memory; each comes back from the disk at its next touch.</summary>
    public void ForgetOnShard()
    {
        AssertOnShard();
        Entities.Dispose();
        Entities = new(Core);
    }

    public void Dispose()
    {
        Entities.Dispose();
        foreach (var lane in _lanes)
        {
            lane?.Dispose();
        }

        foreach (var scorer in _rankScorers.Concat(_fallbackRankScorers))
        {
            scorer?.Dispose();
        }
    }

    [Conditional("DEBUG")]
    public void AssertOnShard() => Debug.Assert(_owner == Thread.CurrentThread, $"Shard {Number} was entered by a thread that does not own it.");

    [Conditional("DEBUG")]
    private void TakeOwnership()
    {
        var before = Interlocked.CompareExchange(ref _owner, Thread.CurrentThread, null);
        Debug.Assert(before is null, $"Two threads are in shard {Number}.");
    }

    [Conditional("DEBUG")]
    private void GiveUpOwnership() => Volatile.Write(ref _owner, null);
}

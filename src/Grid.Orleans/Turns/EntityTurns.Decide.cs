using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using Grid.Features.State;
using Grid.Models;

namespace Grid.Orleans;

/// <content>Taking in events, with a decision or without.</content>
internal sealed partial class EntityTurns
{
    /// <summary>Makes a decision on the request that the call's row holds, whose owner is this entity.</summary>
    public async Task<Decision> DecideAsync(Call call, DecisionFacts decision, CancellationToken cancellation) =>
        (Decision)await AnswerAsync(call, decision, null, cancellation).ConfigureAwait(false);

    /// <summary>Ranks the candidates that a frame holds, on the request that the call's row holds, whose owner is this entity.</summary>
    public async Task<Ranking> RankAsync(Call call, DecisionFacts decision, RankFrame rank, CancellationToken cancellation) =>
        (Ranking)await AnswerAsync(call, decision, rank, cancellation).ConfigureAwait(false);

    private async Task<object> AnswerAsync(Call call, DecisionFacts decision, RankFrame? rank, CancellationToken cancellation)
    {
        await LoadedAsync().ConfigureAwait(false);
        await _core.Files.KnowAsync(call.Frame.Row.At).ConfigureAwait(false);
        call.Frame.Begin(decision.Plan);
        var asked = new Asked(call.Frame, decision, rank, []);
        if (rank is not null || decision.Plan.Freshness is not null || !TryReadForeignNow(call.Frame, decision))
        {
            asked = asked with { TimedOut = await ForeignReads.ReadAllAsync(_core, asked, cancellation).ConfigureAwait(false) };
        }

        var sought = Sought.Answer(decision, rank);
        using var turn = await EnterAsync(cancellation).ConfigureAwait(false);
        var looked = Looked.Nowhere;
        while (true)
        {
            Pending? row;
            Pending? earlier;
            GridException? conflict;
            EventTime? first;
            int epoch;
            lock (_stripe.Lock)
            {
                EnsureLiveOnStripe();
                epoch = _epoch;
                earlier = FindPendingOnStripe(call, decision.On, sought, out conflict);
                first = earlier is not null ? call.Record.At : looked.Found?.At;
                var isOver = conflict is not null || earlier?.Decision == decision.Plan.Ordinal;
                row = isOver || (first is not null && call.Frame.Row.IsTimeAssigned)
                    ? null
                    : TurnOnStripe(asked, earlier is not null, ref looked);
            }

            if (conflict is not null)
            {
                turn.Leave();
                await earlier!.Durable.ConfigureAwait(false);
                throw Refused(conflict);
            }

            if (first is { } at && earlier?.Decision != decision.Plan.Ordinal && call.Frame.Row.IsTimeAssigned)
            {
                // The event was observed before: its time counts, not that of this request, which was sent without one.
                turn.Leave();
                call.Frame.Row.TakeTime(at);
                rank?.TakeTime(at);
                return await AnswerAsync(call, decision, rank, cancellation).ConfigureAwait(false);
            }

            if (looked.IsWanted)
            {
                looked = await LookAsync(call, decision.On, sought, looked, cancellation).ConfigureAwait(false);
                if (looked.Found?.Conflict is { } other)
                {
                    throw Refused(other);
                }

                if (looked.Found is { } found && found.Decision == decision.Plan.Ordinal)
                {
                    _core.Metrics.Duplicate();
                    turn.Leave();
                    await RegisterAgainAsync(call, decision.On, cancellation).ConfigureAwait(false);
                    return found.Answer!;
                }

                continue;
            }

            if (row is null && earlier?.Decision == decision.Plan.Ordinal)
            {
                _core.Metrics.Duplicate();
                turn.Leave();
                await earlier!.Finished.ConfigureAwait(false);
                return FirstAnswer.Again(earlier!.Answer!);
            }

            row ??= await ScoreElsewhereAsync(asked, looked.IsTakenIn, epoch).ConfigureAwait(false);
            turn.Leave();

            // A decision with a deadline does not wait for deliveries to entities that may not answer. Labels must find its event all the same.
            await (decision.Plan.Freshness?.Deadline is null ? row.Finished : row.Registered).ConfigureAwait(false);
            _core.Metrics.Decided();
            return row.Answer!;
        }
    }

    /// <summary>Takes in the event that the call's row holds; this entity is the first that it concerns.</summary>
    public async Task<EventReceipt> IngestAsync(Call call, EventFacts type, CancellationToken cancellation)
    {
        await LoadedAsync().ConfigureAwait(false);
        var sought = Sought.Event(type);
        using var turn = await EnterAsync(cancellation).ConfigureAwait(false);
        var looked = Looked.Nowhere;
        while (true)
        {
            Pending? row = null;
            Pending? earlier;
            GridException? conflict;
            lock (_stripe.Lock)
            {
                EnsureLiveOnStripe();
                earlier = FindPendingOnStripe(call, type, sought, out conflict);
                if (earlier is null && TryApplyOnStripe(call.Frame.Row, type, ref looked))
                {
                    row = AppendOnStripe(call.Frame, type, RecordKind.Event, null, null);
                }
            }

            if (conflict is not null)
            {
                turn.Leave();
                await earlier!.Durable.ConfigureAwait(false);
                return EventReceipt.Conflict(Refused(conflict).ValidationError!);
            }

            if (looked.IsWanted)
            {
                looked = await LookAsync(call, type, sought, looked, cancellation).ConfigureAwait(false);
                if (looked.Found?.Conflict is { } other)
                {
                    return EventReceipt.Conflict(Refused(other).ValidationError!);
                }

                if (looked.Found is not null)
                {
                    _core.Metrics.Duplicate();
                    turn.Leave();
                    await RegisterAgainAsync(call, type, cancellation).ConfigureAwait(false);
                    return EventReceipt.Duplicate;
                }

                continue;
            }

            if (row is null)
            {
                _core.Metrics.Duplicate();
                turn.Leave();
                await earlier!.Finished.ConfigureAwait(false);
                return EventReceipt.Duplicate;
            }

            turn.Leave();
            await row.Finished.ConfigureAwait(false);
            _core.Metrics.Ingested();
            return EventReceipt.Accepted;
        }
    }

    /// <summary>Reads the features of other entities for a decision whose reads all have to be the owners' own.</summary>
    /// <returns>False where an owner is not in memory here: all of them are then read by <see cref="ForeignReads"/>.</returns>
    private bool TryReadForeignNow(TurnFrame frame, DecisionFacts decision)
    {
        foreach (var read in decision.Foreign)
        {
            if (frame.Row[read.KeySlot].Text is not { Length: > 0 } key)
            {
                _core.ReadEmpty(read, frame.Row.At, frame.ReadsOf(read));
            }
            else if (!_core.TryRead(new(read.Kind.Name, key), read.Features.AsSpan(), frame.Row.At, frame.ReadsOf(read)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The pure part of a decision's turn.</summary>
    /// <returns>The appended row; null where the rows must be looked into first, or where a model grain scores.</returns>
    private Pending? TurnOnStripe(Asked asked, bool isTakenIn, ref Looked looked)
    {
        looked = looked with { IsTakenIn = isTakenIn || looked.Found is not null };
        if (!looked.IsTakenIn && !TryApplyOnStripe(asked.Frame.Row, asked.Decision.On, ref looked))
        {
            return null;
        }

        try
        {
            MakeOnStripe();
            return asked.Rank is null ? DecideOnStripe(asked, looked.IsTakenIn) : RankOnStripe(asked, asked.Rank, looked.IsTakenIn);
        }
        catch
        {
            ForgetOnStripe(); // What was applied has no row.
            throw;
        }
    }

    private Pending? DecideOnStripe(Asked asked, bool isTakenIn)
    {
        var (frame, decision) = (asked.Frame, asked.Decision);
        _stripe.Store.Read(_entity, frame.Row.At, decision.Plan.Own.Features.AsSpan(), frame.ReadsOf(decision.Plan.Own));
        if (_core.RemoteModels.Contains(decision.Plan.Model.Name))
        {
            return null;
        }

        var scorer = _stripe.ScorerOf(decision);
        frame.Assemble(scorer.Row(0));
        if (frame.UsesFallbackModel)
        {
            scorer = _stripe.FallbackScorerOf(decision)!;
            frame.AssembleFallback(scorer.Row(0));
        }

        if (scorer.Run(1) == ScoreStatus.Scored)
        {
            frame.Decide(scorer.ScoresOf(0));
        }
        else
        {
            frame.DecideWithoutScore();
        }

        return AppendDecisionOnStripe(frame, decision, _core.NameOf(scorer.Model), isTakenIn);
    }

    private Pending RankOnStripe(Asked asked, RankFrame rank, bool isTakenIn)
    {
        var (decision, own) = (asked.Decision, asked.Decision.Plan.Own);
        _stripe.Store.Read(_entity, asked.Frame.Row.At, own.Features.AsSpan(), rank[0].ReadsOf(own));
        rank.Share(own);
        var (scorer, late) = (_stripe.ScorerOf(decision), _stripe.FallbackScorerOf(decision));
        var (rows, fallbackRows) = RankScoring.Assemble(rank, scorer, late);
        if (rows > 0)
        {
            scorer.Run(rows);
        }

        if (fallbackRows > 0)
        {
            late!.Run(fallbackRows);
            rank.FallbackModel = _core.NameOf(late.Model);
        }

        RankScoring.Decide(rank, scorer, late);
        rank.Order();
        return AppendRankingOnStripe(asked, rank, _core.NameOf(scorer.Model), isTakenIn);
    }

    private Pending AppendDecisionOnStripe(TurnFrame frame, DecisionFacts decision, string model, bool isTakenIn) =>
        AppendOnStripe(frame, decision.On, isTakenIn ? RecordKind.LaterDecision : RecordKind.Decision, decision, model);

    /// <summary>A model grain scores: the entity's other turns wait meanwhile, for the event is applied already.</summary>
    private async Task<Pending> ScoreElsewhereAsync(Asked asked, bool isTakenIn, int epoch)
    {
        var (frame, decision) = (asked.Frame, asked.Decision);
        var vector = new float[decision.Plan.Vector.Count];
        frame.Assemble(vector);
        var scored = await _core.ScoreAsync(decision, vector).ConfigureAwait(false);
        if (scored.Scores.Count > 0)
        {
            frame.Decide([.. scored.Scores]);
        }
        else
        {
            frame.DecideWithoutScore();
        }

        lock (_stripe.Lock)
        {
            EnsureLiveOnStripe();
            return _epoch == epoch
                ? AppendDecisionOnStripe(frame, decision, scored.Model, isTakenIn)
                : throw GridException.Unavailable($"{Id} was read again from the storage while its model was asked; asking again may do.");
        }
    }

    /// <summary>Applies an event that was certainly not taken in before; where that is not certain, says that the rows must be looked into.</summary>
    private bool TryApplyOnStripe(EventRow row, EventFacts type, ref Looked looked)
    {
        if (!_core.Storage.HasRoom)
        {
            _core.Metrics.Refused();
            throw GridException.Unavailable("More is waiting to be written than the storage can take now; asking again later may do.");
        }

        var isLooked = looked.Is(_epoch, _version);
        var mayHold = _version > 0 && (!_core.Holds(Kind, type) || (_entity.Exists && _stripe.Store.MayHold(_entity, type.Plan.Ordinal, row.IdHash)));
        if (mayHold && !isLooked)
        {
            looked = Looked.Wanted(_epoch, _version);
            return false;
        }

        MakeOnStripe();
        if (Kind >= 0 && _stripe.Store.Apply(_entity, row) == ApplyOutcome.TooOld && !isLooked)
        {
            looked = Looked.Wanted(_epoch, _version);
            return false;
        }

        return true;
    }

    /// <summary>Looks for the first row of the call's event among those that are durable.</summary>
    private async Task<Looked> LookAsync(Call call, EventFacts type, Sought sought, Looked looked, CancellationToken cancellation) =>
        looked with { IsWanted = false, Found = await _search.FirstAsync(call, type, sought, cancellation).ConfigureAwait(false) };

    /// <summary>
    /// Finds a row of the call's event that is not known to be durable yet, and reads it into the call's record: the one that answers it
    /// before others, the same event before another one of its id.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="sought">What is looked for.</param>
    /// <param name="conflict">What the caller is told where the row is of another event.</param>
    private Pending? FindPendingOnStripe(Call call, EventFacts type, Sought sought, out GridException? conflict)
    {
        conflict = null;
        Pending? same = null;
        Pending? other = null;
        foreach (var pending in _pending)
        {
            if (!pending.IsOf(type.Plan.Name, call.Frame.Row.Id, call.Frame.Row.IdHash))
            {
                continue;
            }

            ReadPending(pending, call.Record);
            if (sought.ConflictOf(call.Record, type, call.Frame.Row) is { } found)
            {
                (other, conflict) = (other ?? pending, conflict ?? found);
            }
            else if (sought.IsAnsweredBy(call.Record))
            {
                conflict = null;
                return pending;
            }
            else
            {
                same ??= pending;
            }
        }

        if (same is null)
        {
            return other;
        }

        conflict = null;
        ReadPending(same, call.Record);
        return same;
    }

    private void ReadPending(Pending pending, JournalRecord record) =>
        RowBody.Read(pending.Body, pending.Version, _core.Schemas.Find(RowBody.SchemaOf(pending.Body))!, record);

    private GridException Refused(GridException conflict)
    {
        _core.Metrics.Rejected();
        return conflict;
    }

    private async ValueTask<Turn> EnterAsync(CancellationToken cancellation)
    {
        if (_gate is null)
        {
            return Turn.Free;
        }

        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        return new(_gate);
    }

    /// <summary>What is known of whether an event was taken in before, and as of which version that is known.</summary>
    private readonly record struct Looked(int Epoch, long Version, bool IsWanted, FirstRow? Found, bool IsTakenIn)
    {
        public static Looked Nowhere => new(-1, -1, false, null, false);

        public static Looked Wanted(int epoch, long version) => new(epoch, version, true, null, false);

        public bool Is(int epoch, long version) => Epoch == epoch && Version == version;
    }

    /// <summary>A turn that others of the entity wait for, where a model grain scores; nothing otherwise.</summary>
    private sealed class Turn(SemaphoreSlim? gate) : IDisposable
    {
        public static readonly Turn Free = new(null);

        private SemaphoreSlim? _gate = gate;

        public void Leave() => Interlocked.Exchange(ref _gate, null)?.Release();

        public void Dispose() => Leave();
    }
}

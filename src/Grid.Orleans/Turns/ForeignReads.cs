using Grid.Decisions.Hosting;
using Grid.Decisions.Plans;
using Grid.Decisions.Turns;
using Grid.Features.Plans;

namespace Grid.Orleans;

/// <summary>
/// Reads what one decision needs of other entities, all at once, and no longer than its deadline allows. Who has not answered by then, or could not be reached, is
/// missed: what the decision declares takes its place. Without a deadline such a call fails. Owners are always asked: there are no copies here.
/// </summary>
internal sealed class ForeignReads(SiloCore core, DecisionFacts decision, EventTime at)
{
    private readonly List<Ask> _asks = [];
    private readonly Dictionary<(int Read, string Key), int> _known = [];

    /// <summary>Reads everything into the frames of a turn.</summary>
    /// <returns>The entities that were missed, each once.</returns>
    public static async Task<IReadOnlyList<EntityId>> ReadAllAsync(SiloCore core, Asked asked, CancellationToken cancellation)
    {
        var reads = new ForeignReads(core, asked.Decision, asked.Frame.Row.At);
        var wants = reads.Want(asked);
        await reads.AskAsync(cancellation).ConfigureAwait(false);
        foreach (var (frame, foreign, ask) in wants)
        {
            reads.ReadInto(frame, asked.Decision.Foreign[foreign], ask);
        }

        foreach (var foreign in asked.Rank is null ? [] : asked.Decision.Foreign.Where(read => reads.IsShared(read)))
        {
            asked.Rank!.Share(foreign);
        }

        EntityId[] timedOut = [.. reads._asks.Where(ask => ask.Answer is null).Select(ask => ask.Entity).Distinct()];
        core.Metrics.TimedOut(timedOut.Length);
        return timedOut;
    }

    /// <summary>What is to be asked, each once: of a ranking's reads one for the request, or one for each candidate.</summary>
    private List<(TurnFrame Frame, int Foreign, int Ask)> Want(Asked asked)
    {
        List<(TurnFrame, int, int)> wants = [];
        for (var i = 0; i < decision.Foreign.Length; i++)
        {
            var frames = asked.Rank is not { } rank ? 0 : IsShared(decision.Foreign[i]) ? 1 : rank.Count;
            if (frames == 0)
            {
                wants.Add((asked.Frame, i, AskFor(i, asked.Frame)));
            }

            for (var candidate = 0; candidate < frames; candidate++)
            {
                wants.Add((asked.Rank![candidate], i, AskFor(i, asked.Rank[candidate])));
            }
        }

        return wants;
    }

    private int AskFor(int foreign, TurnFrame frame)
    {
        var read = decision.Foreign[foreign];
        if (frame.Row[read.KeySlot].Text is not { Length: > 0 } key)
        {
            return -1;
        }

        if (!_known.TryGetValue((foreign, key), out var place))
        {
            _known[(foreign, key)] = place = _asks.Count;
            _asks.Add(new(new(read.Kind.Name, key), read, core.ForeignNames[decision.Plan.Ordinal][foreign]));
        }

        return place;
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        var elsewhere = _asks.FindAll(ask => !ask.TryReadHere(core, at));
        if (elsewhere.Count == 0)
        {
            return;
        }

        if (decision.Plan.Freshness?.Deadline is { } deadline)
        {
            await AskUntilAsync(elsewhere, deadline, cancellation).ConfigureAwait(false);
        }
        else
        {
            await Task.WhenAll(elsewhere.ConvertAll(ask => ask.ReadElsewhereAsync(core, at, cancellation))).ConfigureAwait(false);
        }

        _asks.ForEach(ask => ask.Settle());
    }

    /// <summary>Asks, and ends when all have answered or failed, or at the deadline. A read that failed is one that has not come.</summary>
    private async Task AskUntilAsync(List<Ask> elsewhere, TimeSpan deadline, CancellationToken cancellation)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var passed = Task.Delay(deadline, core.Time, answered.Token); // Begins before anybody is asked.
        var all = Task.WhenAll(elsewhere.ConvertAll(ask => ask.ReadElsewhereAsync(core, at, cancellation)));
        _ = all.ContinueWith(
            static done => _ = done.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        await Task.WhenAny(all, passed).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        await answered.CancelAsync().ConfigureAwait(false);
    }

    private void ReadInto(TurnFrame frame, FeatureRead read, int ask)
    {
        if (ask < 0)
        {
            core.ReadEmpty(read, at, frame.ReadsOf(read));
            return;
        }

        if (_asks[ask].Answer is { } answer)
        {
            answer.CopyTo(frame.ReadsOf(read));
            return;
        }

        var values = frame.ReadsOf(read);
        var origins = frame.OriginsOf(read);
        for (var i = 0; i < values.Length; i++)
        {
            var fallback = decision.Plan.Freshness!.Terms[read.FirstInput + i].Default;
            values[i] = new(fallback, ReadValue.Nothing, Approximate: false);
            origins[i] = new(fallback.IsMissing ? FeatureSource.Missing : FeatureSource.Default, 0);
        }
    }

    /// <summary>Whether what is read is the same for all candidates: the request names it.</summary>
    private bool IsShared(FeatureRead read) => read.KeySlot < decision.Plan.Candidates!.FirstSlot;

    /// <summary>Features of one entity.</summary>
    private sealed class Ask(EntityId entity, FeatureRead read, string names)
    {
        private ReadValue[]? _come;

        public EntityId Entity => entity;

        /// <summary>What counts of its answer, once <see cref="Settle"/> was called; null where it was missed.</summary>
        public ReadValue[]? Answer { get; private set; }

        public bool TryReadHere(SiloCore core, EventTime at)
        {
            var values = new ReadValue[read.Features.Length];
            if (!core.TryRead(entity, read.Features.AsSpan(), at, values))
            {
                return false;
            }

            Answer = _come = values;
            return true;
        }

        public async Task ReadElsewhereAsync(SiloCore core, EventTime at, CancellationToken cancellation)
        {
            var values = await core.PeerOf(entity).ReadForAsync(names, at, cancellation).ConfigureAwait(false);
            Volatile.Write(ref _come, [.. values.Values]);
            core.Metrics.ForeignRead();
        }

        /// <summary>The call goes on: what is there now counts, and nothing that comes later.</summary>
        public void Settle() => Answer = Volatile.Read(ref _come);
    }
}

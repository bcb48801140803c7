using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using Grid.Postgres;

namespace Grid.Orleans;

/// <content>Rows, and who else must hear of them.</content>
internal sealed partial class EntityTurns
{
    /// <summary>Takes in a label that the call's row holds, of an event that this entity took in.</summary>
    /// <returns>Null where this entity has taken in no such event.</returns>
    public async Task<EventReceipt?> AmendAsync(Call call, EventFacts type, CancellationToken cancellation)
    {
        await LoadedAsync().ConfigureAwait(false);
        var target = _core.Events[type.Plan.Label!.Target];
        var content = type.ContentKeyOf(call.Frame.Row);
        if (await FindTargetAsync(call, target, cancellation).ConfigureAwait(false) is not { } labelled)
        {
            return null;
        }

        using var turn = await EnterAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            var (epoch, version) = ReadState();
            if (await KnowsLabelAsync(call, type, content, cancellation).ConfigureAwait(false))
            {
                _core.Metrics.Duplicate();
                return EventReceipt.Duplicate;
            }

            Pending row;
            lock (_stripe.Lock)
            {
                EnsureLiveOnStripe();
                if (_epoch != epoch || _version != version)
                {
                    continue;
                }

                if (_entity.Exists)
                {
                    _stripe.Store.Amend(_entity, target.Plan.Ordinal, labelled.At, labelled.IdHash, call.Frame.Row);
                }

                row = AppendLabelOnStripe(call, type, content, RecordKind.Label, labelled);
            }

            turn.Leave();
            await row.Finished.ConfigureAwait(false);
            _core.Metrics.Labelled();
            return EventReceipt.Accepted;
        }
    }

    private (int Epoch, long Version) ReadState()
    {
        lock (_stripe.Lock)
        {
            return (_epoch, _version);
        }
    }

    /// <summary>Whether this very label, with all it says, was taken in before.</summary>
    private async Task<bool> KnowsLabelAsync(Call call, EventFacts type, ulong content, CancellationToken cancellation)
    {
        Pending? pending;
        lock (_stripe.Lock)
        {
            pending = _pending.Find(row => row.IsLabel && row.IdHash == content && row.Type == type.Plan.Name && row.Id == call.Frame.Row.Id);
        }

        if (pending is not null)
        {
            await pending.Finished.ConfigureAwait(false);
            return true;
        }

        return await _search.KnowsLabelAsync(call, type, content, cancellation).ConfigureAwait(false);
    }

    /// <summary>Finds the event that the call's label amends among the rows of this entity that it took in itself.</summary>
    private async Task<Labelled?> FindTargetAsync(Call call, EventFacts target, CancellationToken cancellation)
    {
        var row = call.Frame.Row;
        Pending? pending;
        lock (_stripe.Lock)
        {
            pending = _pending.Find(one => one.IsOf(target.Plan.Name, row.Id, row.IdHash));
        }

        if (pending is not null)
        {
            await pending.Finished.ConfigureAwait(false);
        }

        return await _search.TargetAsync(call, target, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Registers this entity as the owner of an event that is sent again, and applies the labels that had waited for it. A silo that died between the
    /// event's row and its registration leaves an event that labels do not find; whoever sends it again has not been answered yet.
    /// </summary>
    private async Task RegisterAgainAsync(Call call, EventFacts type, CancellationToken cancellation)
    {
        if (type.IsLabelled)
        {
            var key = new EventKey(type.Plan.Name, call.Frame.Row.Id, call.Frame.Row.IdHash);
            await StorageCall.Of(Id, _core.Storage.RegisterAsync(key, Id, default).AsTask()).ConfigureAwait(false);
            await FlushLabelsAsync(key, cancellation).ConfigureAwait(false);
        }
    }

    private async Task FlushLabelsAsync(EventKey key, CancellationToken cancellation)
    {
        foreach (var body in await StorageCall.Of(Id, _core.Storage.ReadWaitingAsync(key, cancellation)).ConfigureAwait(false))
        {
            var call = _core.Calls.Take();
            try
            {
                RowBody.Read(body, 0, await _core.Schemas.MapOfAsync(body, cancellation).ConfigureAwait(false), call.Record);
                if (call.Record.HasRow && call.Record.EventId == key.Id)
                {
                    CopyRow(call);
                    await AmendAsync(call, _core.Events[call.Frame.Row.Plan.Ordinal], cancellation).ConfigureAwait(false);
                    await StorageCall.Of(Id, _core.Storage.RemoveWaitingAsync(key, body, cancellation)).ConfigureAwait(false);
                }
            }
            finally
            {
                _core.Calls.Give(call);
            }
        }
    }

    private Pending AppendOnStripe(TurnFrame frame, EventFacts type, RecordKind kind, DecisionFacts? decision, string? model)
    {
        try
        {
            var row = frame.Row;
            var body = RowBytes.OfEvent(_core, _stripe, frame, type, kind, decision, model);
            var others = kind is RecordKind.Event or RecordKind.Decision ? OthersOf(type, row) : [];
            var answer = decision is null ? null : frame.ToDecision(DecisionIds.Of(Id, _version + 1), Id.Key, model!, _core.BundleName);
            return AppendOnStripe(
                new(type.Plan.Name, row.Id, row.IdHash), row.At, body, others, decision?.Plan.Ordinal ?? -1, answer, kind, type.IsLabelled, after: 0);
        }
        catch
        {
            ForgetOnStripe(); // What was applied has no row.
            throw;
        }
    }

    private Pending AppendRankingOnStripe(Asked asked, RankFrame rank, string model, bool isTakenIn)
    {
        try
        {
            var (row, type) = (asked.Frame.Row, asked.Decision.On);
            var kind = isTakenIn ? RecordKind.LaterRanking : RecordKind.Ranking;
            var body = RowBytes.OfRanking(_core, _stripe, asked, rank, kind, model);
            var answer = rank.ToRanking(DecisionIds.Of(Id, _version + 1), Id.Key, (model, _core.BundleName), asked.TimedOut);
            return AppendOnStripe(
                new(type.Plan.Name, row.Id, row.IdHash), row.At, body, isTakenIn ? [] : OthersOf(type, row), asked.Decision.Plan.Ordinal, answer, kind, type.IsLabelled, after: 0);
        }
        catch
        {
            ForgetOnStripe(); // What was applied has no row.
            throw;
        }
    }

    private Pending AppendLabelOnStripe(Call call, EventFacts type, ulong content, RecordKind kind, Labelled labelled)
    {
        try
        {
            var row = call.Frame.Row;
            var body = RowBytes.OfLabel(_core, _stripe, row, type, kind, labelled);
            var target = _core.Events[type.Plan.Label!.Target];
            var others = labelled.Told.Where(told => !IsSelf(told) && _core.Holds(told.Kind, target)).Select(told => new EntityId(_core.KindName(told.Kind), told.Key)).ToList();
            return AppendOnStripe(
                new(type.Plan.Name, row.Id, content), row.At, body, others, -1, null, kind, isLabelled: false, labelled.Version);
        }
        catch
        {
            ForgetOnStripe();
            throw;
        }
    }

    private Pending AppendOnStripe(
        EventKey key, EventTime at, byte[] body, List<EntityId> others, int decision, object? answer, RecordKind kind, bool isLabelled, long after,
        IReadOnlyList<RowId>? takes = null)
    {
        var version = _version + 1;
        var commit = _rows.AppendAsync(new()
        {
            Version = version,
            EventType = key.Type,
            IdHash = key.IdHash,
            At = at,
            Body = body,
            Tells = others,
            Takes = takes,
        }).AsTask();
        var row = new Pending(version, key, decision, kind is RecordKind.Label or RecordKind.HeardLabel, body, commit) { Answer = answer };
        _version = version;
        if (_entity.Exists)
        {
            _stripe.Store.Position(_entity) = version;
        }

        _pending.Add(row);
        row.Durable = DurableAsync(row, _epoch);
        var isOwn = kind is not (RecordKind.Heard or RecordKind.HeardLabel);
        var registered = isOwn && isLabelled ? RegisterAsync(row) : null;
        row.Registered = registered ?? row.Durable;
        row.Finished = isOwn ? FinishAsync(row, others, registered, after) : row.Durable;
        _lastOwn = isOwn ? row.Durable : _lastOwn;
        if (others.Count > 0)
        {
            _telling.TryBegin(version);
        }

        if (IsSnapshotDue)
        {
            SaveSnapshotOnStripe();
        }

        return row;
    }

    private async Task DurableAsync(Pending row, int epoch)
    {
        if (row.Commit.IsCompleted)
        {
            await Task.Yield(); // The caller holds the stripe's lock.
        }

        try
        {
            await row.Commit.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Dropped(e, epoch);
        }

        lock (_stripe.Lock)
        {
            _pending.Remove(row);
        }
    }

    /// <summary>Registers this entity as the owner of the row's event once the row is durable. Returns true where labels wait for the event.</summary>
    private async Task<bool> RegisterAsync(Pending row)
    {
        await row.Durable.ConfigureAwait(false);
        return await StorageCall.Of(Id, _core.Storage.RegisterAsync(row.Key, Id, await row.Commit.ConfigureAwait(false)).AsTask()).ConfigureAwait(false);
    }

    private async Task FinishAsync(Pending row, List<EntityId> others, Task<bool>? registered, long after)
    {
        await row.Durable.ConfigureAwait(false);
        if (others.Count > 0)
        {
            await _telling.TellAsync(row.Version, row.Body, others, after).ConfigureAwait(false);
        }

        if (registered is not null && await registered.ConfigureAwait(false))
        {
            await FlushLabelsAsync(row.Key, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private bool IsSelf(Told told) => told.Kind == Kind && told.Key == Id.Key;

    private List<EntityId> OthersOf(EventFacts type, EventRow row)
    {
        List<EntityId> others = [];
        foreach (var tell in type.Keys)
        {
            if (row[tell.KeySlot].Text is { Length: > 0 } key && !IsSelf(new(tell.Kind, key)) && _core.Holds(tell.Kind, type))
            {
                others.Add(new(_core.KindName(tell.Kind), key));
            }
        }

        return others;
    }

    private static void CopyRow(Call call)
    {
        var from = call.Record.Row;
        var row = call.Frame.Row;
        row.Reset(from.Plan);
        for (var i = 0; i < from.Slots.Length; i++)
        {
            row.Set(i, from[i]);
        }

        row.Seal();
    }
}

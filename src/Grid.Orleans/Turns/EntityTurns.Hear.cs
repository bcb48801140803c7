using Grid.Decisions.Hosting;
using Grid.Decisions.Records;

namespace Grid.Orleans;

/// <content>Hearing of what other entities took in.</content>
internal sealed partial class EntityTurns
{
    /// <summary>
    /// Hears of what another entity took in. Hearing it again changes nothing. Where the storage has inboxes, returns once it is in memory, for it is in the inbox until a row of this
    /// entity says it; otherwise once such a row is durable.
    /// </summary>
    public async Task HearAsync(Heard heard)
    {
        await LoadedAsync().ConfigureAwait(false);
        var map = await StorageCall.Of(Id, _core.Schemas.MapOfAsync(heard.Body, CancellationToken.None).AsTask()).ConfigureAwait(false);
        var call = _core.Calls.Take();
        try
        {
            RowBody.Read(heard.Body, heard.Version, map, call.Record);
            if (_rows.HasInbox)
            {
                await TakeInAsync(new(heard.Source, heard.Version), heard.Body, call.Record).ConfigureAwait(false);
            }
            else if (call.Record.HasRow && await HearAtOnceAsync(call).ConfigureAwait(false) is { } row)
            {
                await row.Durable.ConfigureAwait(false);
            }
        }
        finally
        {
            _core.Calls.Give(call);
        }
    }

    /// <summary>Hears of everything in the inbox that nobody told it of, and writes it down.</summary>
    public async Task HearInboxAsync(CancellationToken cancellation)
    {
        await LoadedAsync().ConfigureAwait(false);
        if (!_rows.HasInbox)
        {
            return;
        }

        foreach (var row in await StorageCall.Of(Id, _rows.ReadInboxAsync(cancellation)).ConfigureAwait(false))
        {
            await HearAsync(new(row.Entity, row.Version, row.Body)).ConfigureAwait(false);
        }

        WriteDown();
    }

    /// <summary>Hears by a row of this entity's own, at once.</summary>
    private Task<Pending?> HearAtOnceAsync(Call call)
    {
        CopyRow(call);
        var type = _core.Events[call.Frame.Row.Plan.Ordinal];
        return call.Record.Kind is RecordKind.Label ? HearLabelAsync(call, type) : HearEventAsync(call, type);
    }

    private async Task<Pending?> HearEventAsync(Call call, EventFacts type)
    {
        if (!_core.Holds(Kind, type))
        {
            return null;
        }

        using var turn = await EnterAsync(CancellationToken.None).ConfigureAwait(false);
        var row = call.Frame.Row;
        var looked = Looked.Nowhere;
        while (true)
        {
            lock (_stripe.Lock)
            {
                EnsureLiveOnStripe();
                // Another owner's event may have the same id: it is an event of its own.
                if (FindPendingOnStripe(call, type, Sought.Event(type), out var conflict) is { } earlier && conflict is null)
                {
                    return earlier;
                }

                if (looked.Found is { Conflict: null })
                {
                    return null;
                }

                if (TryApplyOnStripe(row, type, ref looked))
                {
                    return AppendOnStripe(call.Frame, type, RecordKind.Heard, null, null);
                }
            }

            looked = await LookAsync(call, type, Sought.Event(type), looked, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<Pending?> HearLabelAsync(Call call, EventFacts type)
    {
        var labelled = new Labelled(0, call.Record.Target.At, call.Record.Target.IdHash, []);
        var target = _core.Events[type.Plan.Label!.Target];
        var content = type.ContentKeyOf(call.Frame.Row);
        if (!_core.Holds(Kind, target))
        {
            return null;
        }

        using var turn = await EnterAsync(CancellationToken.None).ConfigureAwait(false);
        while (true)
        {
            var (epoch, version) = ReadState();
            if (await KnowsLabelAsync(call, type, content, CancellationToken.None).ConfigureAwait(false))
            {
                return null;
            }

            lock (_stripe.Lock)
            {
                EnsureLiveOnStripe();
                if (_epoch == epoch && _version == version)
                {
                    // What it amends was told before it, by the same entity; what is too old to be held needs no row.
                    return _entity.Exists && _stripe.Store.Amend(_entity, target.Plan.Ordinal, labelled.At, labelled.IdHash, call.Frame.Row)
                        ? AppendLabelOnStripe(call, type, content, RecordKind.HeardLabel, labelled)
                        : null;
                }
            }
        }
    }
}

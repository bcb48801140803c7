using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Postgres;

namespace Grid.Orleans;

/// <content>Hearing where the storage has inboxes: into memory at once, and written down many at a time.</content>
internal sealed partial class EntityTurns
{
    /// <summary>What was heard is written down once it is so much.</summary>
    private const int MostInPack = 64;

    /// <summary>More than this is not heard while nothing can be written down.</summary>
    private const int MostUnwritten = 16_384;

    /// <summary>Writes down what was heard, where the storage takes it now.</summary>
    public void WriteDown()
    {
        lock (_stripe.Lock)
        {
            if (_live && _inbox.Count > 0)
            {
                WriteDownOnStripe();
            }
        }
    }

    private async Task TakeInAsync(RowId from, ReadOnlyMemory<byte> body, JournalRecord record)
    {
        using var turn = await EnterAsync(CancellationToken.None).ConfigureAwait(false);
        Looking? looking = null;
        while (true)
        {
            int epoch;
            long version;
            lock (_stripe.Lock)
            {
                EnsureLiveOnStripe();
                if (_inbox.Knows(from))
                {
                    return;
                }

                if (_inbox.Count >= MostUnwritten)
                {
                    throw GridException.Unavailable($"{Id} has heard more than the storage can take now; asking again later may do.");
                }

                (epoch, version) = (_epoch, _version);
                if (looking is { } seen && seen.Epoch == epoch && seen.Version == version)
                {
                    var isTwice = seen.IsTwice || seen.SameEvent.Exists(_inbox.Knows);
                    TakeInOnStripe(from, body, isTwice ? null : record);
                    return;
                }

                if (TryTakeInOnStripe(from, body, record))
                {
                    return;
                }
            }

            looking = await LookAsync(from, record, epoch, version).ConfigureAwait(false);
            if (looking is null)
            {
                return;
            }
        }
    }

    /// <summary>Takes in what was told, unless it may have been taken in before.</summary>
    private bool TryTakeInOnStripe(RowId from, ReadOnlyMemory<byte> body, JournalRecord record)
    {
        if (record.HasRow && HoldsOf(record) is { } type
            && (record.Kind is RecordKind.Label || (_entity.Exists && _stripe.Store.MayHold(_entity, type.Plan.Ordinal, record.Row.IdHash))))
        {
            return false;
        }

        TakeInOnStripe(from, body, record);
        return true;
    }

    /// <summary>Takes in what was told and was certainly not taken in before; of a null record, only that it was told.</summary>
    private void TakeInOnStripe(RowId from, ReadOnlyMemory<byte> body, JournalRecord? record)
    {
        byte[]? kept = null;
        if (record is not null)
        {
            // What this silo's bundle has no place for is kept as it came, for one that has.
            kept = record.HasRow && HoldsOf(record) is { } type ? RowBytes.OfHeard(_core, _stripe, record, type) : body.ToArray();
            Replay(record);
        }

        var isFirst = _inbox.Count == 0;
        _inbox.Add(from, kept);
        if (_inbox.Count >= MostInPack && _live)
        {
            WriteDownOnStripe();
        }
        else if (isFirst)
        {
            _core.Unwritten.Add(this);
        }
    }

    /// <summary>The event type of a row that was told, where this kind of entity keeps what it says; null where not.</summary>
    private EventFacts? HoldsOf(JournalRecord record)
    {
        var type = _core.Events[record.Row.Plan.Ordinal];
        return _core.Holds(Kind, record.Kind is RecordKind.Label ? _core.Events[type.Plan.Label!.Target] : type) ? type : null;
    }

    /// <summary>Finds out in the storage whether a row that was told was taken in before, or another one of the same event.</summary>
    /// <returns>Null where it was: a row of this entity says it already.</returns>
    private async Task<Looking?> LookAsync(RowId from, JournalRecord told, int epoch, long version)
    {
        if (!await StorageCall.Of(Id, _rows.IsInInboxAsync(from, CancellationToken.None)).ConfigureAwait(false))
        {
            return null;
        }

        List<RowId> sameEvent = [];
        if (told.Kind is RecordKind.Label)
        {
            return new(epoch, version, false, sameEvent);
        }

        foreach (var other in await _search.OthersOfAsync(from, told).ConfigureAwait(false))
        {
            // Of those still in the inbox the first that is heard counts. One that is not there any more was heard before.
            if (other.Entity == Id || !await StorageCall.Of(Id, _rows.IsInInboxAsync(other, CancellationToken.None)).ConfigureAwait(false))
            {
                return new(epoch, version, true, sameEvent);
            }

            sameEvent.Add(other);
        }

        return new(epoch, version, false, sameEvent);
    }

    /// <summary>Takes in what the inbox holds of an entity that is being made from its rows.</summary>
    /// <param name="inbox">What it holds.</param>
    /// <param name="unsure">Takes what may be an event that the entity has already, by another row.</param>
    private void HearOnStripe(IReadOnlyList<LogEntry> inbox, List<LogEntry> unsure)
    {
        try
        {
            // By entity, then by version: no label comes before its event.
            foreach (var row in inbox)
            {
                // A label may speak of an event that is unsure itself: it goes after that.
                var record = ReadOnStripe(row);
                var from = new RowId(row.Entity, row.Version);
                if (unsure.Exists(other => other.Entity == row.Entity))
                {
                    unsure.Add(row);
                }
                else if (record.Kind is RecordKind.Label)
                {
                    TakeInOnStripe(from, row.Body, record);
                }
                else if (!TryTakeInOnStripe(from, row.Body, record))
                {
                    unsure.Add(row);
                }
            }
        }
        catch
        {
            ForgetOnStripe();
            throw;
        }
    }

    /// <summary>Takes in a row of the inbox once it is known whether the entity has its event already, before anybody else is let in.</summary>
    private async Task HearUnsureAsync(LogEntry row, int epoch)
    {
        var from = new RowId(row.Entity, row.Version);
        var record = new JournalRecord();
        RowBody.Read(row.Body, row.Version, _core.Schemas.Find(RowBody.SchemaOf(row.Body.Span))!, record);
        var looking = await LookAsync(from, record, epoch, _version).ConfigureAwait(false);
        lock (_stripe.Lock)
        {
            if (_epoch == epoch && looking is not null)
            {
                TakeInOnStripe(from, row.Body, looking.IsTwice || looking.SameEvent.Exists(_inbox.Knows) ? null : record);
            }
        }
    }

    private JournalRecord ReadOnStripe(LogEntry row)
    {
        RowBody.Read(row.Body, row.Version, _core.Schemas.Find(RowBody.SchemaOf(row.Body.Span))!, _stripe.Record);
        return _stripe.Record;
    }

    private void WriteDownOnStripe()
    {
        if (!_core.Storage.HasRoom)
        {
            _core.Unwritten.Add(this);
            return;
        }

        var (rows, bodies) = _inbox.Take();
        var at = EventTime.From(_core.Time.GetUtcNow());
        var pack = AppendOnStripe(new(RowPack.EventType, "", 0), at, RowPack.Write(bodies), [], -1, null, RecordKind.Heard, isLabelled: false, after: 0, rows);
        _ = ForgetAsync(pack, rows, _epoch);
    }

    private async Task ForgetAsync(Pending pack, IReadOnlyList<RowId> rows, int epoch)
    {
        await pack.Durable.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_stripe.Lock)
        {
            if (_epoch == epoch && pack.Durable.IsCompletedSuccessfully)
            {
                _inbox.Forget(rows);
            }
        }
    }

    /// <summary>What the storage says of a row that was told, as of a version of this entity.</summary>
    /// <param name="Epoch">As of which time in memory.</param>
    /// <param name="Version">As of which version.</param>
    /// <param name="IsTwice">Whether its event was taken in already, by another row.</param>
    /// <param name="SameEvent">Other rows of the same event that are in the inbox too.</param>
    private sealed record Looking(int Epoch, long Version, bool IsTwice, List<RowId> SameEvent);
}

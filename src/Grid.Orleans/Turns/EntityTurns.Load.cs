using Grid.Decisions.Records;
using Grid.Features.State;
using Grid.Postgres;

namespace Grid.Orleans;

/// <content>Making the entity from what is stored of it.</content>
internal sealed partial class EntityTurns
{
    private async Task LoadAsync()
    {
        await Task.Yield(); // The caller holds the stripe's lock.
        try
        {
            await _core.Schemas.PutCurrentAsync().ConfigureAwait(false);
            var history = await _rows.LoadAsync(whole: false, CancellationToken.None).ConfigureAwait(false);
            try
            {
                await RestoreAsync(history).ConfigureAwait(false);
            }
            catch (SnapshotException)
            {
                ClusterLog.Rebuilt(_core.Log, Id);
                await RestoreAsync(history = await _rows.LoadAsync(whole: true, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
            }

            _core.Metrics.Loaded();
            foreach (var row in _rows.Untold)
            {
                if (_telling.TryBegin(row.Version))
                {
                    _ = _telling.TellStoredAsync(row);
                }
            }
        }
        catch (Exception e) when (e is LogUnavailableException or LogFencedException or InvalidDataException or SnapshotException)
        {
            throw GridException.Unavailable($"{Id} cannot be read from the storage now: {e.Message}", e);
        }
        finally
        {
            lock (_stripe.Lock)
            {
                _loading = null;
            }
        }
    }

    private async Task RestoreAsync(EntityHistory history)
    {
        var rows = RowPack.Unpack(history.Rows);
        foreach (var body in rows.Select(row => row.Body).Concat(history.Inbox.Select(row => row.Body)))
        {
            await _core.Schemas.MapOfAsync(body, CancellationToken.None).ConfigureAwait(false);
        }

        List<LogEntry> unsure = [];
        int epoch;
        lock (_stripe.Lock)
        {
            ForgetOnStripe();
            EnsureStaysOnStripe();
            epoch = ++_epoch;
            (_version, _snapshotAt, _snapshotBytes) = (history.Version, history.SnapshotVersion, history.Snapshot.Length);
            if (Kind >= 0)
            {
                RestoreOnStripe(history, rows);
                HearOnStripe(history.Inbox, unsure);
            }
        }

        foreach (var row in unsure)
        {
            await HearUnsureAsync(row, epoch).ConfigureAwait(false);
        }

        lock (_stripe.Lock)
        {
            EnsureStaysOnStripe();
            _live = true;
            _core.Local[Id] = this;
        }
    }

    private void EnsureStaysOnStripe()
    {
        if (_ended)
        {
            ForgetOnStripe();
            throw GridException.Unavailable($"{Id} is moving to another silo; asking again may do.");
        }
    }

    private void RestoreOnStripe(EntityHistory history, List<(long Version, ReadOnlyMemory<byte> Body)> rows)
    {
        var store = _stripe.Store;
        try
        {
            _entity = history.Snapshot.IsEmpty ? EntityHandle.None : store.Restore(Kind, Id.Key, history.Snapshot.Span);
            var record = _stripe.Record;
            foreach (var (version, body) in rows)
            {
                RowBody.Read(body, version, _core.Schemas.Find(RowBody.SchemaOf(body.Span))!, record);
                Replay(record);
            }
        }
        catch
        {
            ForgetOnStripe(); // Half of an entity must not be taken for the whole.
            throw;
        }
    }

    private void Replay(JournalRecord record)
    {
        if (!record.HasRow || record.Kind is RecordKind.LaterDecision or RecordKind.LaterRanking or RecordKind.WaitingLabel)
        {
            return;
        }

        if (record.Kind is RecordKind.Label or RecordKind.HeardLabel)
        {
            if (_entity.Exists && record.Row.Plan.Label is { } label)
            {
                _stripe.Store.Amend(_entity, label.Target, record.Target.At, record.Target.IdHash, record.Row);
            }

            return;
        }

        MakeOnStripe();
        _stripe.Store.Apply(_entity, record.Row);
    }
}

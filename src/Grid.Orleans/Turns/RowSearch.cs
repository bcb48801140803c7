using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>Looks into an entity's durable rows: what was taken in before, and what it was answered.</summary>
internal sealed class RowSearch(SiloCore core, EntityId id, IEntityRows rows)
{
    /// <summary>
    /// The first row of the call's event; of several (it may have been observed, then decided on) the one of the given decision. Where
    /// there is none, the first row of another event with its id.
    /// </summary>
    public async Task<FirstRow?> FirstAsync(Call call, EventFacts type, Sought sought, CancellationToken cancellation)
    {
        FirstRow? first = null;
        FirstRow? other = null;
        foreach (var found in await FindAsync(type, call.Frame.Row.IdHash, cancellation).ConfigureAwait(false))
        {
            await ReadAsync(found, call.Record, cancellation).ConfigureAwait(false);
            if (call.Record.EventName != type.Plan.Name || call.Record.EventId != call.Frame.Row.Id)
            {
                continue;
            }

            if (sought.ConflictOf(call.Record, type, call.Frame.Row) is { } conflict)
            {
                other ??= new(found.Version, -1, null, call.Record.At, conflict);
            }
            else if (sought.IsAnsweredBy(call.Record))
            {
                return new(found.Version, sought.Decision, AnswerOf(call.Record, found.Version, duplicate: true), call.Record.At);
            }
            else
            {
                first ??= new(found.Version, -1, null, call.Record.At);
            }
        }

        return first ?? other;
    }

    /// <summary>Other rows of the event that a row which was told is about, of this entity or of others that must tell it.</summary>
    public async Task<List<RowId>> OthersOfAsync(RowId from, JournalRecord told)
    {
        List<RowId> others = [];
        var record = new JournalRecord();
        List<Told> concerned = [];
        foreach (var found in await StorageCall.Of(id, rows.FindAnywhereAsync(told.EventName, told.Row.IdHash, CancellationToken.None)).ConfigureAwait(false))
        {
            var row = new RowId(found.Entity, found.Version);
            if (row == from)
            {
                continue;
            }

            await ReadAsync(found, record, CancellationToken.None).ConfigureAwait(false);
            if (record.Kind is not (RecordKind.Event or RecordKind.Decision or RecordKind.Ranking)
                || record.EventName != told.EventName || record.EventId != told.EventId
                || !EventContent.IsSame(record, core.Events[told.Row.Plan.Ordinal], told.Row))
            {
                continue; // Another owner's event may have the same id: it is an event of its own.
            }

            core.ConcernedBy(record, concerned);
            if (found.Entity == id || concerned.Exists(one => core.KindName(one.Kind) == id.Kind && one.Key == id.Key))
            {
                others.Add(row);
            }
        }

        return others;
    }

    /// <summary>The event that the call's label amends, where this entity took it in itself.</summary>
    public async Task<Labelled?> TargetAsync(Call call, EventFacts target, CancellationToken cancellation)
    {
        var row = call.Frame.Row;
        foreach (var found in await FindAsync(target, row.IdHash, cancellation).ConfigureAwait(false))
        {
            await ReadAsync(found, call.Record, cancellation).ConfigureAwait(false);
            if (call.Record.Kind is RecordKind.Event or RecordKind.Decision or RecordKind.Ranking && call.Record.EventId == row.Id)
            {
                core.ConcernedBy(call.Record, call.Told);
                return new(found.Version, call.Record.At, row.IdHash, [.. call.Told]);
            }
        }

        return null;
    }

    /// <summary>Whether the call's very label, with all it says, was taken in before.</summary>
    public async Task<bool> KnowsLabelAsync(Call call, EventFacts type, ulong content, CancellationToken cancellation)
    {
        var record = new JournalRecord();
        foreach (var found in await FindAsync(type, content, cancellation).ConfigureAwait(false))
        {
            await ReadAsync(found, record, cancellation).ConfigureAwait(false);
            if (record.HasRow && ReferenceEquals(record.Row.Plan, type.Plan) && record.Row.Slots[..type.Sent].SequenceEqual(call.Frame.Row.Slots[..type.Sent]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A decision or a ranking by the version of its row; null where there is none any more.</summary>
    public async Task<object?> AnswerAsync(long version, CancellationToken cancellation)
    {
        if (await StorageCall.Of(id, rows.ReadRowAsync(version, cancellation)).ConfigureAwait(false) is not { } row || RowPack.IsPack(row.Body.Span))
        {
            return null;
        }

        var record = new JournalRecord();
        await ReadAsync(row, record, cancellation).ConfigureAwait(false);
        return record.IsAnswer ? AnswerOf(record, version, duplicate: false) : null;
    }

    private object AnswerOf(JournalRecord record, long version, bool duplicate) =>
        record.IsRanking ? record.ToRanking(DecisionIds.Of(id, version), duplicate) : record.ToDecision(DecisionIds.Of(id, version), duplicate);

    private Task<IReadOnlyList<LogEntry>> FindAsync(EventFacts type, ulong hash, CancellationToken cancellation) =>
        StorageCall.Of(id, rows.FindAsync(type.Plan.Name, hash, cancellation));

    private async Task ReadAsync(LogEntry row, JournalRecord record, CancellationToken cancellation) =>
        RowBody.Read(row.Body, row.Version, await StorageCall.Of(id, core.Schemas.MapOfAsync(row.Body, cancellation).AsTask()).ConfigureAwait(false), record);
}

/// <summary>Calls of the storage, whose failures callers are told in the contract's words.</summary>
internal static class StorageCall
{
    public static async Task<T> Of<T>(EntityId entity, Task<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception e) when (e is LogUnavailableException or InvalidDataException)
        {
            throw GridException.Unavailable($"The storage of {entity} cannot be reached or read now: {e.Message}", e);
        }
    }

    public static async Task Of(EntityId entity, Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (LogUnavailableException e)
        {
            throw GridException.Unavailable($"The storage of {entity} cannot be written now: {e.Message}", e);
        }
    }
}

using Grid.Decisions;
using Grid.Features;

namespace Grid.Engine;

/// <summary>Finds what an event was answered when it came for the first time. Used by one thread at a time.</summary>
internal sealed class FirstAnswers(EngineCore core)
{
    private readonly List<long> _positions = [];
    private readonly JournalRecord _record = new();

    /// <summary>
    /// Finds an event of a type by its id; of several records of it (it may have been observed, then decided on) the one of the given decision.
    /// </summary>
    /// <param name="type">The event type.</param>
    /// <param name="id">The id.</param>
    /// <param name="idHash">Its hash.</param>
    /// <param name="decision">A decision's place, or -1.</param>
    /// <param name="alsoOld">Whether to look in the index on disk too.</param>
    /// <returns>The record, valid until the next call; null where the event was not seen.</returns>
    public JournalRecord? FindEvent(EventFacts type, string id, ulong idHash, int decision, bool alsoOld)
    {
        Collect(type.IdKeyOf(idHash), alsoOld);
        long found = 0;
        foreach (var position in _positions)
        {
            if (core.TryReadRecord(position, _record) && _record.EventName == type.Plan.Name && _record.EventId == id
                && _record.Kind is not RecordKind.Label and not RecordKind.WaitingLabel)
            {
                if (decision < 0 ? _record.Kind is not RecordKind.LaterDecision and not RecordKind.LaterRanking : _record.IsAnswer && _record.Decision == decision)
                {
                    return _record;
                }

                found = found == 0 ? position : found;
            }
        }

        return found != 0 && core.TryReadRecord(found, _record) ? _record : null;
    }

    /// <summary>Whether an id of this key was seen.</summary>
    public bool Knows(ulong key)
    {
        Collect(key, alsoOld: true);
        return _positions.Count > 0;
    }

    /// <summary>Whether this very label, with all it says, was taken in before.</summary>
    public long FindLabel(EventFacts type, EventRow row, ulong contentKey)
    {
        Collect(contentKey, alsoOld: true);
        foreach (var position in _positions)
        {
            if (core.TryReadRecord(position, _record) && _record.HasRow && ReferenceEquals(_record.Row.Plan, type.Plan)
                && _record.Row.Slots[..type.Sent].SequenceEqual(row.Slots[..type.Sent]))
            {
                return position;
            }
        }

        return 0;
    }

    private void Collect(ulong key, bool alsoOld)
    {
        _positions.Clear();
        core.Ids.Find(key, _positions);
        if (!alsoOld || !core.HasStoredIds)
        {
            return;
        }

        var reader = core.Readers.Take();
        try
        {
            reader.FindIds(key, _positions);
        }
        finally
        {
            core.Readers.Give(reader);
        }
    }
}

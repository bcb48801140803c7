using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Features.Plans;

namespace Grid.Engine;

/// <summary>What an earlier event of the same type and id is to a request.</summary>
internal enum Earlier : byte
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>It is the same event.</summary>
    Same = 1,

    /// <summary>It is another event: its owner or its content differs.</summary>
    Other = 2,

    /// <summary>One is being taken in at this moment.</summary>
    UnderWay = 3,
}

/// <summary>Finds what an event was answered when it came for the first time. Used by one thread at a time.</summary>
internal sealed class IdempotencyIndex(EngineCore core)
{
    private readonly List<long> _positions = [];
    private readonly JournalRecord _record = new();

    /// <summary>Finds an earlier event of a request's type and id, whoever owns it, for as long as the journal has its record.</summary>
    /// <param name="type">The event type.</param>
    /// <param name="request">The request.</param>
    /// <param name="decision">
    /// A decision's place, or -1: of several records of the same event (it may have been observed, then decided on) that of the decision.
    /// </param>
    /// <param name="record">The record, valid until the next call; null where there is none.</param>
    public Earlier FindEvent(EventFacts type, EventRow request, int decision, out JournalRecord? record)
    {
        Collect(type.IdKeyOf(request.IdHash));
        var (same, other) = (0L, 0L);
        foreach (var position in _positions)
        {
            if (!IsEventOf(position, type, request.Id))
            {
                continue;
            }

            if (!EventContent.IsSame(_record, type, request))
            {
                other = other == 0 ? position : other;
                continue;
            }

            if (decision >= 0 && _record.IsAnswer && _record.Decision == decision)
            {
                record = _record;
                return Earlier.Same;
            }

            same = same == 0 ? position : same;
        }

        // A journal of before ids were compared may hold two events of one id: the same event is itself all the same.
        var found = same != 0 ? same : other;
        record = found != 0 && core.TryReadRecord(found, _record) ? _record : null;
        return record is null ? Earlier.None : found == same ? Earlier.Same : Earlier.Other;
    }

    /// <summary>Finds the event that a label names; of two in an old journal the one that came first.</summary>
    /// <returns>The record, valid until the next call; null where there is none.</returns>
    public JournalRecord? FindTarget(EventFacts type, EventRow label)
    {
        Collect(type.IdKeyOf(label.IdHash));
        foreach (var position in _positions)
        {
            if (IsEventOf(position, type, label.Id))
            {
                return _record;
            }
        }

        return null;
    }

    /// <summary>Whether an id of this key was seen.</summary>
    public bool Knows(ulong key)
    {
        Collect(key);
        return _positions.Count > 0;
    }

    /// <summary>Whether this very label, with all it says, was taken in before.</summary>
    public long FindLabel(EventFacts type, EventRow row, ulong contentKey)
    {
        Collect(contentKey);
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

    private bool IsEventOf(long position, EventFacts type, string id) =>
        core.TryReadRecord(position, _record) && _record.EventName == type.Plan.Name && _record.EventId == id
        && _record.Kind is not RecordKind.Label and not RecordKind.WaitingLabel;

    /// <summary>
    /// Collects the positions of a key, oldest first. The recent ones are looked for first: they are on disk before they leave memory.
    /// </summary>
    private void Collect(ulong key)
    {
        _positions.Clear();
        core.Ids.Find(key, _positions);
        if (core.StoredIds.MayHold(key))
        {
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

        _positions.Sort();
    }
}

using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>Stores the labels of a timeline, so that a read as of a time can ignore labels not yet known then.</summary>
internal sealed unsafe class Labels(Arena arena, KindLayout kind, int timeline, TextTable texts)
{
    private readonly TimelineLayout _layout = kind.Timelines[timeline];

    /// <summary>Whether the entity has any labels.</summary>
    public bool TryGet(int entity, out LabelLog log)
    {
        var handle = _layout.HasLabels ? new EntityRecord(arena[entity], kind).Labels(timeline) : 0;
        log = handle == 0 ? default : new(arena[handle]);
        return handle != 0;
    }

    /// <summary>Adds a label and returns the entry that now wins. False if the label was already known.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="entry">The label.</param>
    /// <param name="original">The event's current value, stored if this is its first label.</param>
    /// <param name="newest">The entry that now wins.</param>
    public bool TryAdd(int entity, in LabelEntry entry, in LabelEntry original, out LabelEntry newest)
    {
        var added = false;
        if (!TryGet(entity, out var log) || !HasAny(log, entry))
        {
            Insert(entity, original);
        }

        TryGet(entity, out log);
        var at = PlaceOf(log, entry);
        if (at == log.Count || Compare(log.Entries[at], entry) != 0)
        {
            Insert(entity, entry);
            added = true;
        }

        TryGet(entity, out log);
        log.NewestKnown = Math.Max(log.NewestKnown, entry.Known);
        var entries = log.Entries;
        while (at + 1 < entries.Length && entries[at + 1].IsSameValue(entry))
        {
            at++;
        }

        newest = entries[at];
        return added;
    }

    /// <summary>Adds an entry read from a snapshot.</summary>
    public void Restore(int entity, in LabelEntry entry)
    {
        Insert(entity, entry);
        TryGet(entity, out var log);
        log.NewestKnown = Math.Max(log.NewestKnown, entry.Known);
    }

    /// <summary>Drops the labels of dropped events: those that sort before the given time and fingerprint.</summary>
    public void Forget(int entity, long time, uint print)
    {
        if (!TryGet(entity, out var log))
        {
            return;
        }

        var entries = log.Entries;
        var gone = 0;
        while (gone < entries.Length && (entries[gone].Time < time || (entries[gone].Time == time && entries[gone].Fingerprint <= print)))
        {
            Hold(entries[gone], false);
            gone++;
        }

        entries[gone..].CopyTo(entries);
        log.Count -= gone;
        if (log.Count == 0)
        {
            Clear(entity);
        }
    }

    public void Clear(int entity)
    {
        if (!TryGet(entity, out var log))
        {
            return;
        }

        foreach (ref var entry in log.Entries)
        {
            Hold(entry, false);
        }

        var record = new EntityRecord(arena[entity], kind);
        var handle = record.Labels(timeline);
        record.Labels(timeline) = 0;
        arena.Free(handle, log.Bytes);
    }

    private bool HasAny(LabelLog log, in LabelEntry entry)
    {
        var at = PlaceOf(log, entry with { Known = long.MinValue });
        return at < log.Count && log.Entries[at].IsSameValue(entry);
    }

    private void Insert(int entity, in LabelEntry entry)
    {
        if (!TryGet(entity, out var log))
        {
            var handle = arena.Allocate(LabelLog.BytesFor(2));
            log = new(arena[handle]);
            *(int*)(arena[handle] + Arena.Reserved) = 0;
            (log.Count, log.Capacity, log.NewestKnown) = (0, 2, -1);
            new EntityRecord(arena[entity], kind).Labels(timeline) = handle;
        }
        else if (log.Count == log.Capacity)
        {
            var capacity = log.Capacity + Math.Max(2, log.Capacity / 4);
            var piece = arena.Resize(new EntityRecord(arena[entity], kind).Labels(timeline), log.Bytes, LabelLog.BytesFor(capacity));
            log = new(piece);
            log.Capacity = capacity;
        }

        var at = PlaceOf(log, entry);
        log.Room[at..log.Count].CopyTo(log.Room[(at + 1)..]);
        log.Room[at] = entry;
        log.Count++;
        Hold(entry, true);
    }

    private int PlaceOf(LabelLog log, in LabelEntry entry)
    {
        var entries = log.Entries;
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = Compare(entries[middle], entry) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private int Compare(in LabelEntry left, in LabelEntry right)
    {
        var order = left.Time.CompareTo(right.Time);
        order = order != 0 ? order : left.Fingerprint.CompareTo(right.Fingerprint);
        order = order != 0 ? order : left.Column.CompareTo(right.Column);
        order = order != 0 ? order : left.Known.CompareTo(right.Known);
        order = order != 0 ? order : right.Missing.CompareTo(left.Missing);
        if (order != 0 || left.Missing)
        {
            return order;
        }

        // An entry with Known at its minimum is only a search key.
        return left.Known != long.MinValue && IsText(left.Column)
            ? string.CompareOrdinal(texts[left.Key], texts[right.Key])
            : left.Key.CompareTo(right.Key);
    }

    private bool IsText(int column) => _layout.Columns[column].Plan.Storage == ColumnStorage.Text;

    private void Hold(in LabelEntry entry, bool held)
    {
        if (entry.Missing || !IsText(entry.Column))
        {
            return;
        }

        if (held)
        {
            texts.Hold(texts[entry.Key]);
        }
        else
        {
            texts.Release(entry.Key);
        }
    }
}

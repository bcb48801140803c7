using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// Applies a label to a stored event: stores the label with the time it became known, and sets the event's value to the winning label.
/// </summary>
internal sealed class LabelTaker(TextTable texts, StringReferenceCounts holds)
{
    private readonly TreePath _path = new();

    /// <inheritdoc cref="EntityStore.Amend"/>
    public bool Amend(int entity, KindState kind, int targetEvent, EventTime targetTime, ulong targetIdHash, EventRow label)
    {
        var slots = label.Plan.Label?.Slots ?? throw new ArgumentException($"'{label.Plan.Name}' is no label.", nameof(label));
        var timeline = kind.Layout.TimelineOf[targetEvent];
        var time = targetTime.UnixMilliseconds;
        if (timeline < 0 || time <= kind.Newest(entity) - kind.Layout.Timelines[timeline].Retention)
        {
            return false;
        }

        var print = Row.FingerprintOf(targetIdHash);
        if (!kind.Trees[timeline].TryFind(entity, time, print, _path, out _))
        {
            return false;
        }

        foreach (var (from, to) in slots)
        {
            foreach (var column in kind.Layout.Timelines[timeline].Columns)
            {
                if (column.Plan.IsLabel && column.Plan.Slot == to)
                {
                    Amend(entity, kind, timeline, column, time, print, label, from);
                }
            }
        }

        return true;
    }

    private void Amend(int entity, KindState kind, int timeline, ColumnLayout column, long time, uint print, EventRow label, int from)
    {
        if (!RowFiller.TryKey(column.Plan.Storage, label[from], texts, out var key))
        {
            return;
        }

        key = column.Plan.Decay?.Weigh(key, time) ?? key;
        var tree = kind.Trees[timeline];
        tree.TryFind(entity, time, print, _path, out var index);
        var leaf = tree.Walk.LeafOf(_path);
        if (column.Gate < 0 || !leaf.Column(column.Gate).IsMissing(index))
        {
            var held = leaf.Column(column.Ordinal);
            var original = new LabelEntry(time, -1, held.Key(index), print, (short)column.Ordinal, held.IsMissing(index));
            original = original.Missing ? original with { Key = 0 } : original;
            var entry = new LabelEntry(time, label.At.UnixMilliseconds, key, print, (short)column.Ordinal, false);
            if (kind.Labels[timeline].TryAdd(entity, entry, original, out var newest))
            {
                tree.TryFind(entity, time, print, _path, out index);
                holds.Hold(column, newest.Key);
                if (!original.Missing)
                {
                    holds.Release(column, original.Key);
                }

                tree.Set(_path, index, column, newest.Key, false);
                kind.AggregateCache[timeline].Find(entity)?.Amended(column);
            }
        }

        holds.Release(column, key);
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Grid.Features.Binary;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// Writes the state of an entity. The bytes depend only on events, labels and position: not on order of arrival or memory layout.
/// </summary>
internal sealed unsafe class SnapshotWriter(TextTable texts)
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly Dictionary<long, int> _places = [];
    private readonly List<string> _texts = [];
    private readonly TreePath _path = new();
    private readonly Dictionary<TimelineLayout, LeafBuffer> _buffers = [];
    private byte[] _packed = new byte[4096];

    public void Write(int entity, KindState kind, long position, IBufferWriter<byte> to)
    {
        _body.ResetWrittenCount();
        _places.Clear();
        _texts.Clear();
        var newest = kind.Newest(entity);
        for (var i = 0; i < kind.Trees.Length; i++)
        {
            WriteTimeline(entity, kind, i, newest);
        }

        var hasBatches = kind.Batches.TryGet(entity, out var batches);
        if (hasBatches)
        {
            WriteBatches(kind, batches);
        }

        WriteAll(kind, hasBatches ? Snapshot.VersionWithBatches : Snapshot.Version, position, to);
    }

    private void WriteAll(KindState kind, byte version, long position, IBufferWriter<byte> to)
    {
        var head = Snapshot.HeaderBytes + sizeof(long) + sizeof(int);
        foreach (var text in _texts)
        {
            head += sizeof(int) + Encoding.UTF8.GetByteCount(text);
        }

        var length = head + _body.WrittenCount + Snapshot.ChecksumBytes;
        var whole = to.GetSpan(length)[..length];
        whole[0] = version;
        BinaryPrimitives.WriteUInt32LittleEndian(whole[1..], kind.Layout.Fingerprint);
        BinaryPrimitives.WriteInt32LittleEndian(whole[5..], length);
        BinaryPrimitives.WriteInt64LittleEndian(whole[9..], position);
        BinaryPrimitives.WriteInt32LittleEndian(whole[17..], _texts.Count);
        var at = 21;
        foreach (var text in _texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text, whole[(at + sizeof(int))..]);
            BinaryPrimitives.WriteInt32LittleEndian(whole[at..], bytes);
            at += sizeof(int) + bytes;
        }

        _body.WrittenSpan.CopyTo(whole[at..]);
        var checksum = Checksum.Of(whole[..^Snapshot.ChecksumBytes]);
        BinaryPrimitives.WriteUInt32LittleEndian(whole[^Snapshot.ChecksumBytes..], checksum);
        to.Advance(length);
    }

    private void WriteTimeline(int entity, KindState kind, int timeline, long newest)
    {
        var tree = kind.Trees[timeline];
        var horizon = newest - tree.Layout.Retention;
        var forgot = tree.Walk.RecordOf(entity).Forgot(timeline);
        if (tree.Walk.TryFirst(entity, _path))
        {
            forgot |= tree.Walk.LeafOf(_path).Time(0) <= horizon;
        }

        _body.Write([(byte)(forgot ? 1 : 0)]);
        WriteLeaves(entity, tree, horizon);
        if (tree.Layout.HasLabels)
        {
            WriteLabels(entity, kind, timeline, horizon);
        }
    }

    // Writes leaves of 128 events, starting with the first event after the horizon and ignoring the leaves in memory; an empty leaf
    // terminates the list.
    private void WriteLeaves(int entity, TimelineTree tree, long horizon)
    {
        var buffer = BufferOf(tree.Layout);
        for (var more = tree.Walk.TryFirst(entity, _path); more; more = tree.Walk.StepOn(_path))
        {
            var leaf = tree.Walk.LeafOf(_path);
            for (var from = leaf.UpTo(horizon); from < leaf.Count;)
            {
                var taken = Math.Min(leaf.Count - from, Leaf.Most - buffer.Count);
                Append(buffer, leaf, from, taken);
                from += taken;
                if (buffer.Count == Leaf.Most)
                {
                    WriteLeaf(buffer, tree.Layout);
                }
            }
        }

        if (buffer.Count > 0)
        {
            WriteLeaf(buffer, tree.Layout);
        }

        _body.Write([(byte)0]);
    }

    private LeafBuffer BufferOf(TimelineLayout layout)
    {
        if (!_buffers.TryGetValue(layout, out var buffer))
        {
            _buffers.Add(layout, buffer = new(layout));
        }

        buffer.Clear(); // An earlier snapshot that failed may have left events.
        return buffer;
    }

    private void Append(LeafBuffer buffer, Leaf leaf, int from, int events)
    {
        var first = buffer.Count;
        buffer.Append(leaf, from, from + events);
        if (!leaf.Layout.HasTexts)
        {
            return;
        }

        // Event by event, so that the numbering of strings does not depend on leaf boundaries.
        for (var i = first; i < buffer.Count; i++)
        {
            foreach (var column in leaf.Layout.Columns)
            {
                if (!buffer.IsMissing(i, column.Ordinal))
                {
                    buffer.Set(i, column.Ordinal, Portable(column, buffer.Key(i, column.Ordinal)), missing: false);
                }
            }
        }
    }

    private void WriteLeaf(LeafBuffer buffer, TimelineLayout layout)
    {
        var bytes = buffer.PlanExactly();
        if (_packed.Length < bytes + sizeof(ulong))
        {
            _packed = new byte[bytes + 4096];
        }

        _packed.AsSpan(0, bytes).Clear();
        fixed (byte* at = _packed)
        {
            buffer.Store(new(at, layout));
        }

        _body.Write([(byte)buffer.Count]);
        _body.Write(_packed.AsSpan(0, bytes));
        buffer.Clear();
    }

    private void WriteLabels(int entity, KindState kind, int timeline, long horizon)
    {
        var entries = kind.Labels[timeline].TryGet(entity, out var log) ? log.Entries[log.UpTo(horizon)..] : [];
        var bytes = new byte[sizeof(int) + (entries.Length * Snapshot.LabelBytes)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, entries.Length);
        var rest = bytes.AsSpan(sizeof(int));
        foreach (ref readonly var entry in entries)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, entry.Time);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], entry.Known);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], entry.Missing ? 0 : Portable(kind.Layout.Timelines[timeline].Columns[entry.Column], entry.Key));
            BinaryPrimitives.WriteUInt32LittleEndian(rest[24..], entry.Fingerprint);
            (rest[28], rest[29]) = ((byte)entry.Column, (byte)(entry.Missing ? 1 : 0));
            rest = rest[Snapshot.LabelBytes..];
        }

        _body.Write(bytes);
    }

    // Values refer to features by name, so that features can be added and removed.
    private void WriteBatches(KindState kind, BatchLog log)
    {
        var entries = log.Entries;
        var bytes = new byte[1 + sizeof(int) + (entries.Length * Snapshot.BatchBytes)];
        bytes[0] = (byte)log.Forgot;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), entries.Length);
        var rest = bytes.AsSpan(1 + sizeof(int));
        var (named, name) = (-1, 0);
        foreach (ref readonly var entry in entries)
        {
            var feature = kind.Plan.Features[entry.Feature];
            if (named != feature.Ordinal)
            {
                (named, name) = (feature.Ordinal, _texts.Count);
                _texts.Add(feature.Name);
            }

            var isText = feature.Batch!.Type == ExpressionType.Text;
            BinaryPrimitives.WriteInt32LittleEndian(rest, name);
            BinaryPrimitives.WriteInt64LittleEndian(rest[4..], entry.Known);
            BinaryPrimitives.WriteInt64LittleEndian(rest[12..], entry.At);
            rest[20] = entry.Missing ? (byte)0 : (byte)feature.Batch.Type;
            BinaryPrimitives.WriteInt64LittleEndian(rest[21..], entry.Missing ? 0 : isText ? PlaceOf(entry.Key) : entry.Key);
            rest = rest[Snapshot.BatchBytes..];
        }

        _body.Write(bytes);
    }

    // A string's code is valid only within its store; the snapshot numbers its strings itself.
    private long Portable(ColumnLayout column, long key) => column.Plan.Storage == ColumnStorage.Text ? PlaceOf(key) : key;

    private long PlaceOf(long key)
    {
        if (!_places.TryGetValue(key, out var place))
        {
            place = _texts.Count;
            _places.Add(key, place);
            _texts.Add(texts[key]);
        }

        return place;
    }
}

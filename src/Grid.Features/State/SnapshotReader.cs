using System.Buffers.Binary;
using System.Text;
using Grid.Features.Binary;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// Reads the output of <see cref="SnapshotWriter"/>. Input is untrusted: every length, width and number is checked before use.
/// </summary>
internal unsafe ref struct SnapshotReader
{
    private static readonly UTF8Encoding Utf8 = new(false, true);

    private readonly KindState _kind;
    private readonly TextTable _texts;
    private ReadOnlySpan<byte> _rest;
    private string[] _own = [];

    private SnapshotReader(KindState kind, TextTable texts, ReadOnlySpan<byte> rest)
    {
        _kind = kind;
        _texts = texts;
        _rest = rest;
    }

    /// <summary>Restores the state of a new entity and returns its position.</summary>
    /// <exception cref="SnapshotException">The bytes are not a valid snapshot of the kind; the entity may be partly filled.</exception>
    public static long Read(int entity, KindState kind, TextTable texts, ReadOnlySpan<byte> snapshot)
    {
        var reader = new SnapshotReader(kind, texts, CheckedBody(kind, snapshot));
        var position = reader.TakeLong();
        reader.ReadTexts();
        for (var i = 0; i < kind.Trees.Length; i++)
        {
            reader.ReadTimeline(entity, i);
        }

        if (snapshot[0] == Snapshot.VersionWithBatches)
        {
            reader.ReadBatches(entity);
        }

        Check(reader._rest.IsEmpty, "bytes are left over");
        return position;
    }

    private static ReadOnlySpan<byte> CheckedBody(KindState kind, ReadOnlySpan<byte> snapshot)
    {
        Check(snapshot.Length >= Snapshot.HeaderBytes + Snapshot.ChecksumBytes, "it is cut off");
        Check(
            snapshot[0] is Snapshot.Version or Snapshot.VersionWithBatches,
            $"its version is {snapshot[0]}, and {Snapshot.Version} and {Snapshot.VersionWithBatches} can be read");
        Check(BinaryPrimitives.ReadInt32LittleEndian(snapshot[5..]) == snapshot.Length, "its length is not what it says");
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(snapshot[^Snapshot.ChecksumBytes..]);
        Check(Checksum.Of(snapshot[..^Snapshot.ChecksumBytes]) == expected, "its checksum is wrong");
        Check(
            BinaryPrimitives.ReadUInt32LittleEndian(snapshot[1..]) == kind.Layout.Fingerprint,
            $"it was written under other definitions of {kind.Plan.Name}");
        return snapshot[Snapshot.HeaderBytes..^Snapshot.ChecksumBytes];
    }

    private static void Check(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new SnapshotException($"The snapshot cannot be read: {otherwise}.");
        }
    }

    private void ReadTexts()
    {
        var count = TakeCount(sizeof(int));
        _own = new string[count];
        for (var i = 0; i < count; i++)
        {
            var length = TakeCount(1);
            try
            {
                _own[i] = Utf8.GetString(Take(length));
            }
            catch (DecoderFallbackException)
            {
                Check(false, "a text is not valid");
            }
        }
    }

    private void ReadTimeline(int entity, int timeline)
    {
        var tree = _kind.Trees[timeline];
        var forgot = TakeByte();
        Check(forgot <= 1, "a mark is neither 0 nor 1");
        var (last, lastFingerprint) = (0L, 0u);
        var buffer = new LeafBuffer(tree.Layout);
        for (var count = TakeByte(); count > 0; count = TakeByte())
        {
            ReadLeaf(tree.Layout, count, buffer, ref last, ref lastFingerprint);
            tree.Append(entity, buffer);
        }

        if (forgot == 1)
        {
            tree.Walk.RecordOf(entity).SetForgot(timeline);
        }

        if (tree.Layout.HasLabels)
        {
            ReadLabels(entity, timeline);
        }
    }

    private void ReadLeaf(TimelineLayout layout, byte count, LeafBuffer buffer, ref long last, ref uint lastFingerprint)
    {
        Check(count <= Leaf.Most, "a leaf is too long");
        Check(_rest.Length >= layout.LeafHeader, "it is cut off");

        // Packed values are read eight bytes at a time, so copy them to a buffer with padding.
        var bytes = LeafBytes(layout, _rest, count);
        var copy = new byte[bytes + sizeof(ulong)];
        Take(bytes).CopyTo(copy);
        fixed (byte* at = copy)
        {
            var leaf = new Leaf(at, layout);
            Check(leaf.BaseTime is >= 0 and <= EventTime.MaxUnixMilliseconds, "a time is out of range");
            for (var i = 0; i < count; i++)
            {
                var distance = Packed.Get(leaf.Times, leaf.TimeWidth, i);
                Check(distance <= (ulong)EventTime.MaxUnixMilliseconds && leaf.Time(i) is >= 0 and <= EventTime.MaxUnixMilliseconds, "a time is out of range");
                Check(leaf.Time(i) > last || (leaf.Time(i) == last && leaf.Fingerprint(i) >= lastFingerprint), "its events are not in order");
                (last, lastFingerprint) = (leaf.Time(i), leaf.Fingerprint(i));
            }

            buffer.Load(leaf);
        }

        foreach (var column in layout.Columns)
        {
            if (column.Plan.Storage == ColumnStorage.Text)
            {
                for (var i = 0; i < count; i++)
                {
                    buffer.Set(i, column.Ordinal, buffer.IsMissing(i, column.Ordinal) ? 0 : Hold(buffer.Key(i, column.Ordinal)), buffer.IsMissing(i, column.Ordinal));
                }
            }
        }
    }

    private static int LeafBytes(TimelineLayout layout, ReadOnlySpan<byte> header, int count)
    {
        Check(header[8] == count && header[9] == count && header[10] <= sizeof(ulong) && header[11] <= 1, "the head of a leaf is damaged");
        var bytes = layout.LeafHeader + (count * (Leaf.FingerprintBytes + header[10]));
        var widths = header[(layout.LeafHeader - layout.Columns.Length)..layout.LeafHeader];
        foreach (var width in widths)
        {
            Check((width & 0x7F) <= sizeof(ulong), "the head of a leaf is damaged");
            bytes += (count * (width & 0x7F)) + (width > 0x7F ? Leaf.MissingBytes : 0);
        }

        return bytes;
    }

    private void ReadLabels(int entity, int timeline)
    {
        var columns = _kind.Layout.Timelines[timeline].Columns;
        var count = TakeCount(Snapshot.LabelBytes);
        for (var i = 0; i < count; i++)
        {
            var bytes = Take(Snapshot.LabelBytes);
            var (column, missing) = (bytes[28], bytes[29] == 1);
            Check(column < columns.Length && columns[column].Plan.IsLabel && bytes[29] <= 1, "a label is damaged");
            var key = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
            var isText = columns[column].Plan.Storage == ColumnStorage.Text && !missing;
            var entry = new LabelEntry(
                BinaryPrimitives.ReadInt64LittleEndian(bytes),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
                isText ? Hold(key) : key,
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
                column,
                missing);
            _kind.Labels[timeline].Restore(entity, entry);
            if (isText)
            {
                _texts.Release(entry.Key);
            }
        }
    }

    // Skips values of features that are no longer declared or have another type.
    private void ReadBatches(int entity)
    {
        var forgot = TakeByte();
        Check(forgot <= 1, "a mark is neither 0 nor 1");
        var count = TakeCount(Snapshot.BatchBytes);
        for (var i = 0; i < count; i++)
        {
            var bytes = Take(Snapshot.BatchBytes);
            var (known, at) = (BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]));
            var (type, key) = ((ExpressionType)bytes[20], BinaryPrimitives.ReadInt64LittleEndian(bytes[21..]));
            Check(at >= 0 && at <= known && known <= EventTime.MaxUnixMilliseconds && type <= ExpressionType.Text, "a loaded value is damaged");
            var name = TextAt(BinaryPrimitives.ReadInt32LittleEndian(bytes));
            var value = type switch
            {
                ExpressionType.None => Value.Missing,
                ExpressionType.Text => Value.Of(TextAt(key)),
                _ => Value.Of(BitConverter.Int64BitsToDouble(key)),
            };
            var feature = _kind.Plan.Features.FirstOrDefault(known => known.Batch is not null && known.Name == name);
            if (feature is not null && (type == ExpressionType.None || feature.Batch!.Type == type))
            {
                _kind.Batches.Set(entity, feature, value, at, known);
            }
        }

        if (forgot == 1)
        {
            _kind.Batches.SetForgot(entity);
        }
    }

    private readonly string TextAt(long place)
    {
        Check(place >= 0 && place < _own.Length, "a text is missing");
        return _own[place];
    }

    private readonly long Hold(long place) => _texts.Hold(TextAt(place));

    private ReadOnlySpan<byte> Take(int bytes)
    {
        Check(bytes <= _rest.Length, "it is cut off");
        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }

    private byte TakeByte() => Take(1)[0];

    private long TakeLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    // A count of items of a given size cannot exceed what the remaining bytes hold.
    private int TakeCount(int bytesEach)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
        Check(count >= 0 && count <= _rest.Length / bytesEach, "it is cut off");
        return count;
    }
}

using Grid.Features.Binary;

namespace Grid.Engine;

/// <summary>One group commit: records at the positions from <see cref="First"/> on, without gaps.</summary>
internal readonly record struct StoredBatch(
    long First,
    int Count,
    long Earliest,
    long Latest,
    long Schema,
    long Previous,
    ReadOnlyMemory<byte> Payload)
{
    public long Last => First + Count - 1;

    /// <summary>Over every column and the payload. <see cref="Previous"/> chains the batches: one that is missing is noticed at the next.</summary>
    public uint ComputeChecksum()
    {
        var crc = Checksum.Continue(uint.MaxValue, First);
        crc = Checksum.Continue(crc, Count);
        crc = Checksum.Continue(crc, Earliest);
        crc = Checksum.Continue(crc, Latest);
        crc = Checksum.Continue(crc, Schema);
        crc = Checksum.Continue(crc, Previous);
        return ~Checksum.Continue(crc, Payload.Span);
    }

    /// <summary>The bytes of one record, without the length in front of it; null where the payload ends before it.</summary>
    public ReadOnlyMemory<byte>? RecordAt(long position)
    {
        var walk = new BatchWalk(this);
        while (walk.Next(out var at, out var record))
        {
            if (at == position)
            {
                return record;
            }
        }

        return null;
    }
}

/// <summary>Walks the records of a batch.</summary>
internal struct BatchWalk(StoredBatch batch)
{
    private int _offset;
    private int _index;

    /// <exception cref="InvalidDataException">The payload is not what its count says.</exception>
    public bool Next(out long position, out ReadOnlyMemory<byte> record)
    {
        position = batch.First + _index;
        record = default;
        if (_index == batch.Count)
        {
            return false;
        }

        var reader = new Features.Binary.SpanReader(batch.Payload.Span[_offset..]);
        var length = reader.Count(1);
        record = batch.Payload.Slice(_offset + reader.Consumed, length);
        _offset += reader.Consumed + length;
        _index++;
        return true;
    }
}

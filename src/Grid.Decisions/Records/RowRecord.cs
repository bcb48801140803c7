using System.Text;
using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Decisions.Records;

/// <summary>
/// The encoding of a row in a record: the event type's index in the schema, one bit per field that is present, then these fields in order.
/// Integers, decimals, booleans and timestamps are variable-length; numbers are eight bytes; strings are UTF-8.
/// </summary>
internal static class RowRecord
{
    public static int MaxBytes(EventRow row, int sent) => MaxBytes(row, 0, sent);

    /// <summary>The maximum number of bytes for a range of slots.</summary>
    public static int MaxBytes(EventRow row, int from, int count)
    {
        var bytes = 16 + (count * 12);
        for (var i = from; i < from + count; i++)
        {
            bytes += row[i].Text is { } text ? Encoding.UTF8.GetMaxByteCount(text.Length) : 0;
        }

        return bytes;
    }

    /// <summary>Writes the fields that callers send; allocates nothing.</summary>
    /// <param name="writer">Must have <see cref="MaxBytes(EventRow, int)"/> bytes left.</param>
    /// <param name="row">The row.</param>
    /// <param name="sent">The number of fields that callers send; these come first.</param>
    public static void Write(ref SpanWriter writer, EventRow row, int sent)
    {
        writer.VarUInt((ulong)row.Plan.Ordinal);
        WriteFields(ref writer, row, 0, sent);
    }

    /// <summary>Writes a range of slots, without the event type; allocates nothing.</summary>
    /// <param name="writer">Must have <see cref="MaxBytes(EventRow, int, int)"/> bytes left.</param>
    /// <param name="row">The row.</param>
    /// <param name="from">The first slot.</param>
    /// <param name="count">The number of slots.</param>
    public static void WriteFields(ref SpanWriter writer, EventRow row, int from, int count)
    {
        var end = from + count;
        for (var first = from; first < end; first += 8)
        {
            var bits = 0;
            for (var i = first; i < Math.Min(first + 8, end); i++)
            {
                bits |= row[i].IsPresent ? 1 << (i - first) : 0;
            }

            writer.Byte((byte)bits);
        }

        for (var i = from; i < end; i++)
        {
            var slot = row[i];
            if (!slot.IsPresent)
            {
                continue;
            }

            if (slot.Text is { } text)
            {
                writer.Text(text);
            }
            else if (row.Plan.Fields[i].Type == FieldType.Number)
            {
                writer.Int64(slot.Bits);
            }
            else
            {
                writer.VarInt(slot.Bits);
            }
        }
    }

    /// <summary>Reads the fields as written, according to the schema of the record.</summary>
    public static EventShape Read(ref SpanReader reader, IReadOnlyList<EventShape> shapes, ref FieldSlot[] slots)
    {
        var ordinal = reader.VarUInt();
        if (ordinal >= (ulong)shapes.Count)
        {
            throw new InvalidDataException($"A record names event type {ordinal} of a schema with {shapes.Count}.");
        }

        var shape = shapes[(int)ordinal];
        if (slots.Length < shape.Fields.Count)
        {
            slots = new FieldSlot[shape.Fields.Count];
        }

        var bits = reader.Bytes((shape.Fields.Count + 7) / 8);
        for (var i = 0; i < shape.Fields.Count; i++)
        {
            slots[i] = (bits[i >> 3] & (1 << (i & 7))) == 0 ? default : shape.Fields[i].Type switch
            {
                FieldType.String => FieldSlot.OfText(reader.Text()),
                FieldType.Number => FieldSlot.OfBits(reader.Int64()),
                _ => FieldSlot.OfBits(reader.VarInt()),
            };
        }

        return shape;
    }
}

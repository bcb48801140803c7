using System.Text;

using Grid.Features;

namespace Grid.Decisions;

/// <summary>
/// A row in a record: the event type's place in the schema, one bit per field that is there, then these fields in order. Integers, decimals,
/// booleans and timestamps are variable-length; numbers are eight bytes; text is UTF-8.
/// </summary>
internal static class RowRecord
{
    public static int MaxBytes(EventRow row, int sent)
    {
        var bytes = 16 + (sent * 12);
        for (var i = 0; i < sent; i++)
        {
            bytes += row[i].Text is { } text ? Encoding.UTF8.GetMaxByteCount(text.Length) : 0;
        }

        return bytes;
    }

    /// <summary>Writes the fields that callers send; allocates nothing.</summary>
    /// <param name="writer">Has <see cref="MaxBytes"/> left.</param>
    /// <param name="row">The row.</param>
    /// <param name="sent">How many of its fields callers send: the first ones.</param>
    public static void Write(ref SpanWriter writer, EventRow row, int sent)
    {
        writer.VarUInt((ulong)row.Plan.Ordinal);
        for (var first = 0; first < sent; first += 8)
        {
            var bits = 0;
            for (var i = first; i < Math.Min(first + 8, sent); i++)
            {
                bits |= row[i].IsPresent ? 1 << (i - first) : 0;
            }

            writer.Byte((byte)bits);
        }

        for (var i = 0; i < sent; i++)
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

    /// <summary>Reads the fields as they were written, by the shape that was in force then.</summary>
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

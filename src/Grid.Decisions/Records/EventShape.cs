using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Decisions.Records;

/// <summary>A field in a journal schema.</summary>
internal sealed record FieldShape(string Name, FieldType Type, int Scale);

/// <summary>An event type in a journal schema: the fields in records, in order.</summary>
internal sealed record EventShape(string Name, int IdSlot, int TimeSlot, IReadOnlyList<FieldShape> Fields)
{
    public static EventShape Of(EventPlan plan) => new(
        plan.Name,
        plan.IdSlot,
        plan.TimeSlot,
        [.. plan.Fields.Where(field => field.IsSent).Select(field => new FieldShape(field.Name, field.Type, field.Scale))]);

    public static EventShape Read(ref SpanReader reader)
    {
        var (name, id, time) = (reader.Text(), checked((int)reader.VarUInt()), checked((int)reader.VarUInt()));
        var fields = new FieldShape[reader.Count(3)];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = new(reader.Text(), (FieldType)reader.Byte(), reader.Byte());
        }

        if (id >= fields.Length || time >= fields.Length)
        {
            throw new InvalidDataException($"Event type '{name}' of a journal's schema has no field for its id or its time.");
        }

        return new(name, id, time, fields);
    }

    public void Write(ref SpanWriter writer)
    {
        writer.Text(Name);
        writer.VarUInt((ulong)IdSlot);
        writer.VarUInt((ulong)TimeSlot);
        writer.VarUInt((ulong)Fields.Count);
        foreach (var field in Fields)
        {
            writer.Text(field.Name);
            writer.Byte((byte)field.Type);
            writer.Byte((byte)field.Scale);
        }
    }
}

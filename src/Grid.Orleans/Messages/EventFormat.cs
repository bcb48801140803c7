namespace Grid.Orleans;

/// <summary>An event: its type, and its fields in the order they were set.</summary>
internal sealed class EventFormat : MessageFormat<Event>
{
    // Callers may fill an event anew once a call has ended for them, while its turn still reads it: each call has its own.
    public override bool IsImmutable => false;

    public override void Write(MessageWriter writer, Event message)
    {
        writer.Text(message.Type);
        writer.VarUInt((ulong)message.Count);
        for (var i = 0; i < message.Count; i++)
        {
            writer.Text(message.Names[i]);
            FieldValueFormat.WriteValue(writer, message.Values[i]);
        }
    }

    public override Event Read(ref MessageReader reader)
    {
        var type = reader.Text();
        var count = reader.Count();
        var read = new Event(type, count);
        for (var i = 0; i < count; i++)
        {
            read.Add(reader.Text(), FieldValueFormat.ReadValue(ref reader));
        }

        return read;
    }

    public override Event Copy(Event message)
    {
        var copy = new Event(message.Type, message.Count);
        for (var i = 0; i < message.Count; i++)
        {
            copy.Add(message.Names[i], message.Values[i]);
        }

        return copy;
    }
}

/// <summary>A field's value: a byte that says what was given, and the value.</summary>
internal sealed class FieldValueFormat : MessageFormat<FieldValue>
{
    public override void Write(MessageWriter writer, FieldValue message) => WriteValue(writer, message);

    public override FieldValue Read(ref MessageReader reader) => ReadValue(ref reader);

    public static void WriteValue(MessageWriter writer, FieldValue value)
    {
        writer.Byte((byte)value.Given);
        switch (value.Given)
        {
            case FieldType.None:
                break;
            case FieldType.String:
                writer.Text(value.Text!);
                break;
            case FieldType.Number:
                writer.Double(value.Number);
                break;
            case FieldType.Boolean:
                writer.Bool(value.Exact != 0);
                break;
            case FieldType.Timestamp:
                writer.VarInt((long)value.Exact);
                break;
            default:
                writer.Decimal(value.Exact);
                break;
        }
    }

    public static FieldValue ReadValue(ref MessageReader reader) => (FieldType)reader.Byte() switch
    {
        FieldType.None => default,
        FieldType.String => FieldValue.Of(reader.Text()),
        FieldType.Number => FieldValue.Of(reader.Double()),
        FieldType.Boolean => FieldValue.Of(reader.Bool()),
        FieldType.Timestamp => FieldValue.Of(EventTimeFormat.ReadTime(ref reader)),
        FieldType.Decimal => FieldValue.Of(reader.Decimal()),
        var other => throw new InvalidDataException($"A message holds a field of type {(byte)other}, which this build does not know."),
    };
}

/// <summary>A moment: Unix milliseconds.</summary>
internal sealed class EventTimeFormat : MessageFormat<EventTime>
{
    public override void Write(MessageWriter writer, EventTime message) => writer.VarInt(message.UnixMilliseconds);

    public override EventTime Read(ref MessageReader reader) => ReadTime(ref reader);

    public static void WriteOrNull(MessageWriter writer, EventTime? time)
    {
        writer.Bool(time is not null);
        if (time is { } at)
        {
            writer.VarInt(at.UnixMilliseconds);
        }
    }

    public static EventTime? ReadOrNull(ref MessageReader reader) => reader.Bool() ? ReadTime(ref reader) : null;

    public static EventTime ReadTime(ref MessageReader reader)
    {
        var milliseconds = reader.VarInt();
        return milliseconds is >= 0 and <= EventTime.MaxUnixMilliseconds
            ? EventTime.FromTrusted(milliseconds)
            : throw new InvalidDataException($"A message holds the moment {milliseconds}, which lies before the epoch or after the year 9999.");
    }
}

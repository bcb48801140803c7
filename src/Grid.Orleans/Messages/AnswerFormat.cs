namespace Grid.Orleans;

/// <summary>What a decision and a ranking say alike: what was asked and of whom, and what kind of answer it is.</summary>
internal static class AnswerFormat
{
    private const byte FallbackBit = 1;
    private const byte DuplicateBit = 2;
    private const byte LargeOutputsBit = 4;

    public static void WriteHead(MessageWriter writer, (string Id, string Name, EntityId Owner, string EventId, EventTime At) head)
    {
        writer.Text(head.Id);
        writer.Text(head.Name);
        writer.Entity(head.Owner);
        writer.Text(head.EventId);
        writer.VarInt(head.At.UnixMilliseconds);
    }

    public static (string Id, string Name, EntityId Owner, string EventId, EventTime At) ReadHead(ref MessageReader reader) =>
        (reader.Text(), reader.Text(), reader.Entity(), reader.Text(), EventTimeFormat.ReadTime(ref reader));

    public static void WriteFlags(MessageWriter writer, bool fallback, bool duplicate, bool hasLargeOutputs = false) =>
        writer.Byte((byte)((fallback ? FallbackBit : 0) | (duplicate ? DuplicateBit : 0) | (hasLargeOutputs ? LargeOutputsBit : 0)));

    public static (bool Fallback, bool Duplicate, bool HasLargeOutputs) ReadFlags(ref MessageReader reader)
    {
        var bits = reader.Byte();
        return ((bits & FallbackBit) != 0, (bits & DuplicateBit) != 0, (bits & LargeOutputsBit) != 0);
    }
}

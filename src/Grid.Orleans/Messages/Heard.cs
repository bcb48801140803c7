using Grid.Features.Plans;

namespace Grid.Orleans;

/// <summary>What an entity is told of: a row of the entity that took it in.</summary>
/// <param name="Source">The entity whose row it is.</param>
/// <param name="Version">The row's version.</param>
/// <param name="Body">The row, as it is stored.</param>
internal sealed record Heard(EntityId Source, long Version, ReadOnlyMemory<byte> Body);

/// <summary>Features of an entity as another entity's turn takes them, in the order they were asked for.</summary>
internal sealed class FeatureValues(IReadOnlyList<ReadValue> values)
{
    public IReadOnlyList<ReadValue> Values { get; } = values;
}

/// <summary>What a caller must know to find the owner of what it asks: the schema, and which fields hold which entities' keys.</summary>
/// <param name="Schema">What the bundle defines.</param>
/// <param name="Owners">By decision: the field that holds the owner's key.</param>
/// <param name="Told">By event type: the entities that hear of it, the one that takes it in first.</param>
internal sealed record GridDescription(
    GridSchema Schema, IReadOnlyDictionary<string, string> Owners, IReadOnlyDictionary<string, IReadOnlyList<(string Kind, string Field)>> Told);

/// <inheritdoc cref="Heard"/>
internal sealed class HeardFormat : MessageFormat<Heard>
{
    public override void Write(MessageWriter writer, Heard message)
    {
        writer.Entity(message.Source);
        writer.VarInt(message.Version);
        writer.Block(message.Body.Span);
    }

    public override Heard Read(ref MessageReader reader) => new(reader.Entity(), reader.VarInt(), reader.Block());
}

/// <inheritdoc cref="FeatureValues"/>
internal sealed class FeatureValuesFormat : MessageFormat<FeatureValues>
{
    private const byte TextBit = 1;
    private const byte ApproximateBit = 2;

    // The eight bytes of the number are those of an integer.
    private const byte LargeIntegerBit = 4;

    public override void Write(MessageWriter writer, FeatureValues message)
    {
        writer.VarUInt((ulong)message.Values.Count);
        foreach (var read in message.Values)
        {
            writer.Byte((byte)((read.Value.Text is null ? 0 : TextBit) | (read.Approximate ? ApproximateBit : 0) | (read.Value.Large is null ? 0 : LargeIntegerBit)));
            writer.Double(read.Value.Large is { } large ? BitConverter.Int64BitsToDouble(large) : read.Value.Number);
            writer.VarInt(read.NewestMilliseconds);
            if (read.Value.Text is { } text)
            {
                writer.Text(text);
            }
        }
    }

    public override FeatureValues Read(ref MessageReader reader)
    {
        var values = new ReadValue[reader.Count()];
        for (var i = 0; i < values.Length; i++)
        {
            var (bits, number, newest) = (reader.Byte(), reader.Double(), reader.VarInt());
            var value = (bits & LargeIntegerBit) != 0
                ? Value.OfInteger(BitConverter.DoubleToInt64Bits(number))
                : new(number, (bits & TextBit) != 0 ? reader.Text() : null);
            values[i] = new(value, newest, (bits & ApproximateBit) != 0);
        }

        return new(values);
    }
}

/// <inheritdoc cref="GridDescription"/>
internal sealed class DescriptionFormat : MessageFormat<GridDescription>
{
    public override void Write(MessageWriter writer, GridDescription message)
    {
        writer.Block(Json.GridJson.Utf8(message.Schema, Json.SchemaJson.Write).Span);
        writer.VarUInt((ulong)message.Owners.Count);
        foreach (var (decision, field) in message.Owners)
        {
            writer.Text(decision);
            writer.Text(field);
        }

        writer.VarUInt((ulong)message.Told.Count);
        foreach (var (type, told) in message.Told)
        {
            writer.Text(type);
            writer.VarUInt((ulong)told.Count);
            foreach (var (kind, field) in told)
            {
                writer.Text(kind);
                writer.Text(field);
            }
        }
    }

    public override GridDescription Read(ref MessageReader reader)
    {
        var schema = Json.SchemaJson.Read(reader.Block());
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var left = reader.Count(); left > 0; left--)
        {
            owners[reader.Text()] = reader.Text();
        }

        var told = new Dictionary<string, IReadOnlyList<(string, string)>>(StringComparer.Ordinal);
        for (var left = reader.Count(); left > 0; left--)
        {
            var type = reader.Text();
            var kinds = new (string, string)[reader.Count()];
            for (var i = 0; i < kinds.Length; i++)
            {
                kinds[i] = (reader.Text(), reader.Text());
            }

            told[type] = kinds;
        }

        return new(schema, owners, told);
    }
}

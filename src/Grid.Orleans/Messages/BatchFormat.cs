namespace Grid.Orleans;

/// <summary>The catalogue of features, as a silo tells it.</summary>
internal sealed class FeatureList(IReadOnlyList<FeatureEntry> entries)
{
    public IReadOnlyList<FeatureEntry> Entries { get; } = entries;
}

/// <summary>A file of batch features. Files are kept as this message, too.</summary>
internal sealed class BatchFormat : MessageFormat<BatchFile>
{
    public override void Write(MessageWriter writer, BatchFile message)
    {
        writer.Text(message.Kind);
        writer.Texts(message.Features);
        writer.VarUInt((ulong)message.Rows.Count);
        foreach (var row in message.Rows)
        {
            writer.Text(row.Key);
            writer.VarInt(row.At.UnixMilliseconds);
            writer.VarUInt((ulong)row.Values.Count);
            for (var i = 0; i < row.Values.Count; i++)
            {
                FieldValueFormat.WriteValue(writer, row.Values[i]);
            }
        }
    }

    public override BatchFile Read(ref MessageReader reader)
    {
        var (kind, features) = (reader.Text(), reader.Texts());
        var rows = new BatchRow[reader.Count()];
        for (var row = 0; row < rows.Length; row++)
        {
            var (key, at) = (reader.Text(), EventTimeFormat.ReadTime(ref reader));
            var values = new FieldValue[reader.Count()];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = FieldValueFormat.ReadValue(ref reader);
            }

            rows[row] = new(key, at, values);
        }

        return new(kind, features, rows);
    }
}

/// <summary>What became of a file.</summary>
internal sealed class BatchReceiptFormat : MessageFormat<BatchReceipt>
{
    public override void Write(MessageWriter writer, BatchReceipt message)
    {
        writer.Text(message.Kind);
        writer.Texts(message.Features);
        writer.VarInt(message.Rows);
        writer.VarInt(message.SeenFrom.UnixMilliseconds);
        writer.VarInt(message.Oldest.UnixMilliseconds);
        writer.VarInt(message.Newest.UnixMilliseconds);
    }

    public override BatchReceipt Read(ref MessageReader reader) => new(
        reader.Text(), reader.Texts(), reader.VarInt(), EventTimeFormat.ReadTime(ref reader), EventTimeFormat.ReadTime(ref reader), EventTimeFormat.ReadTime(ref reader));
}

/// <inheritdoc cref="FeatureList"/>
internal sealed class FeatureListFormat : MessageFormat<FeatureList>
{
    public override void Write(MessageWriter writer, FeatureList message)
    {
        writer.VarUInt((ulong)message.Entries.Count);
        foreach (var entry in message.Entries)
        {
            writer.Text(entry.Name);
            writer.Byte((byte)entry.Tier);
            writer.Text(entry.Owner);
            writer.Text(entry.Definition);
            WriteOrNull(writer, entry.WindowMilliseconds);
            writer.VarInt(entry.DelayMilliseconds);
            WriteOrNull(writer, entry.MaxAgeMilliseconds);
            writer.Bool(entry.Loaded is not null);
            if (entry.Loaded is { } loaded)
            {
                Formats.BatchReceipt.Write(writer, loaded);
            }

            writer.Double(entry.Nanoseconds);
        }
    }

    public override FeatureList Read(ref MessageReader reader)
    {
        var entries = new FeatureEntry[reader.Count()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(
                reader.Text(),
                (FeatureTier)reader.Byte(),
                reader.Text(),
                reader.Text(),
                ReadOrNull(ref reader),
                reader.VarInt(),
                ReadOrNull(ref reader),
                reader.Bool() ? Formats.BatchReceipt.Read(ref reader) : null,
                reader.Double());
        }

        return new(entries);
    }

    private static void WriteOrNull(MessageWriter writer, long? number)
    {
        writer.Bool(number is not null);
        if (number is { } known)
        {
            writer.VarInt(known);
        }
    }

    private static long? ReadOrNull(ref MessageReader reader) => reader.Bool() ? reader.VarInt() : null;
}

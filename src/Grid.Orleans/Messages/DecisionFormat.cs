namespace Grid.Orleans;

/// <summary>A decision: its members in the order they are declared.</summary>
internal sealed class DecisionFormat : MessageFormat<Decision>
{
    private const byte FallbackBit = 1;
    private const byte DuplicateBit = 2;

    public override void Write(MessageWriter writer, Decision message)
    {
        writer.Text(message.Id);
        writer.Text(message.Name);
        writer.Text(message.Owner.Kind);
        writer.Text(message.Owner.Key);
        writer.Text(message.EventId);
        writer.VarInt(message.At.UnixMilliseconds);
        writer.Text(message.Action);
        writer.Double(message.Score);
        writer.Texts(message.Reasons);
        FeatureFormat.WriteAll(writer, message.Features);
        writer.VarUInt((ulong)message.Outputs.Count);
        foreach (var output in message.Outputs)
        {
            writer.Text(output.Name);
            writer.Double(output.Value);
        }

        writer.Texts(message.Missed);
        writer.Text(message.Model);
        writer.Text(message.Bundle);
        writer.Byte((byte)((message.Fallback ? FallbackBit : 0) | (message.Duplicate ? DuplicateBit : 0)));
    }

    public override Decision Read(ref MessageReader reader)
    {
        var (id, name, kind, key, eventId) = (reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Text());
        var (at, action, score) = (EventTimeFormat.ReadTime(ref reader), reader.Text(), reader.Double());
        var reasons = reader.Texts();
        var features = FeatureFormat.ReadAll(ref reader);
        var outputs = new DecisionOutput[reader.Count()];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new(reader.Text(), reader.Double());
        }

        var missed = reader.Texts();
        var (model, bundle, bits) = (reader.Text(), reader.Text(), reader.Byte());
        return new()
        {
            Id = id,
            Name = name,
            Owner = new(kind, key),
            EventId = eventId,
            At = at,
            Action = action,
            Score = score,
            Reasons = reasons,
            Features = features,
            Outputs = outputs,
            Missed = missed,
            Model = model,
            Bundle = bundle,
            Fallback = (bits & FallbackBit) != 0,
            Duplicate = (bits & DuplicateBit) != 0,
        };
    }
}

/// <summary>A feature as it was read.</summary>
internal sealed class FeatureFormat : MessageFormat<FeatureReading>
{
    private const byte TextBit = 1;
    private const byte ApproximateBit = 2;

    public override void Write(MessageWriter writer, FeatureReading message)
    {
        writer.Text(message.Name);
        WriteRest(writer, message);
    }

    public override FeatureReading Read(ref MessageReader reader) => ReadRest(ref reader, reader.Text());

    /// <summary>Everything but the name.</summary>
    public static void WriteRest(MessageWriter writer, FeatureReading message)
    {
        writer.Byte((byte)((message.Text is null ? 0 : TextBit) | (message.Approximate ? ApproximateBit : 0)));
        writer.Double(message.Value);
        if (message.Text is not null)
        {
            writer.Text(message.Text);
        }

        writer.VarInt(message.AgeMilliseconds);
        writer.Byte((byte)message.Rung);
        writer.VarInt(message.BehindMilliseconds);
    }

    public static FeatureReading ReadRest(ref MessageReader reader, string name)
    {
        var (bits, value) = (reader.Byte(), reader.Double());
        var text = (bits & TextBit) != 0 ? reader.Text() : null;
        return new(name, value, text, reader.VarInt(), (bits & ApproximateBit) != 0, (FeatureRung)reader.Byte(), reader.Int());
    }

    public static void WriteAll(MessageWriter writer, IReadOnlyList<FeatureReading> features)
    {
        writer.VarUInt((ulong)features.Count);
        for (var i = 0; i < features.Count; i++)
        {
            Formats.Feature.Write(writer, features[i]);
        }
    }

    public static FeatureReading[] ReadAll(ref MessageReader reader)
    {
        var features = new FeatureReading[reader.Count()];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = Formats.Feature.Read(ref reader);
        }

        return features;
    }
}

/// <summary>The features of an entity at a moment.</summary>
internal sealed class EntityFeaturesFormat : MessageFormat<EntityFeatures>
{
    public override void Write(MessageWriter writer, EntityFeatures message)
    {
        writer.Text(message.Entity.Kind);
        writer.Text(message.Entity.Key);
        writer.VarInt(message.At.UnixMilliseconds);
        FeatureFormat.WriteAll(writer, message.Features);
    }

    public override EntityFeatures Read(ref MessageReader reader) =>
        new(new(reader.Text(), reader.Text()), EventTimeFormat.ReadTime(ref reader), FeatureFormat.ReadAll(ref reader));
}

namespace Grid.Orleans;

/// <summary>A decision: its members in the order they are declared.</summary>
internal sealed class DecisionFormat : MessageFormat<Decision>
{
    public override void Write(MessageWriter writer, Decision message)
    {
        AnswerFormat.WriteHead(writer, (message.Id, message.Name, message.Owner, message.EventId, message.At));
        writer.Text(message.Action);
        writer.Double(message.Score);
        writer.Texts(message.Reasons);
        writer.All(Formats.Feature, message.Features);
        writer.VarUInt((ulong)message.Outputs.Count);
        foreach (var output in message.Outputs)
        {
            writer.Text(output.Name);
            writer.Double(output.Value);
        }

        writer.Texts(message.TimedOut);
        writer.Text(message.Model);
        writer.Text(message.Bundle);
        var hasLarge = LargeOutputsFormat.IsNeeded(message.Outputs);
        AnswerFormat.WriteFlags(writer, message.Fallback, message.Duplicate, hasLarge);
        if (hasLarge)
        {
            LargeOutputsFormat.Write(writer, message.Outputs);
        }
    }

    public override Decision Read(ref MessageReader reader)
    {
        var (id, name, owner, eventId, at) = AnswerFormat.ReadHead(ref reader);
        var (action, score, reasons, features) = (reader.Text(), reader.Double(), reader.Texts(), reader.All(Formats.Feature));
        var outputs = new DecisionOutput[reader.Count()];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new(reader.Text(), reader.Double());
        }

        var (timedOut, model, bundle) = (reader.Texts(), reader.Text(), reader.Text());
        var (fallback, duplicate, hasLarge) = AnswerFormat.ReadFlags(ref reader);
        if (hasLarge)
        {
            LargeOutputsFormat.Read(ref reader, outputs);
        }

        return new()
        {
            Id = id,
            Name = name,
            Owner = owner,
            EventId = eventId,
            At = at,
            Action = action,
            Score = score,
            Reasons = reasons,
            Features = features,
            Outputs = outputs,
            TimedOut = timedOut,
            Model = model,
            Bundle = bundle,
            Fallback = fallback,
            Duplicate = duplicate,
        };
    }
}

/// <summary>The integers beyond ±2^53 among outputs, whose doubles are written before them: how many, and of each its place and all its digits.</summary>
internal static class LargeOutputsFormat
{
    public static bool IsNeeded(IReadOnlyList<DecisionOutput> outputs)
    {
        foreach (var output in outputs)
        {
            if (output.LargeInteger is not null)
            {
                return true;
            }
        }

        return false;
    }

    public static void Write(MessageWriter writer, IReadOnlyList<DecisionOutput> outputs)
    {
        writer.VarUInt((ulong)outputs.Count(output => output.LargeInteger is not null));
        for (var i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].LargeInteger is { } large)
            {
                writer.VarUInt((ulong)i);
                writer.VarInt(large);
            }
        }
    }

    public static void Read(ref MessageReader reader, DecisionOutput[] outputs)
    {
        for (var left = reader.Count(); left > 0; left--)
        {
            var place = reader.VarUInt();
            if (place >= (ulong)outputs.Length)
            {
                throw new InvalidDataException($"A message names output {place} of {outputs.Length}.");
            }

            outputs[place] = outputs[place] with { LargeInteger = reader.VarInt() };
        }
    }
}

/// <summary>A feature as it was read.</summary>
internal sealed class FeatureFormat : MessageFormat<FeatureReading>
{
    private const byte TextBit = 1;
    private const byte ApproximateBit = 2;

    // The eight bytes of the number are those of an integer.
    private const byte LargeIntegerBit = 4;

    public override void Write(MessageWriter writer, FeatureReading message)
    {
        writer.Text(message.Name);
        WriteRest(writer, message);
    }

    public override FeatureReading Read(ref MessageReader reader) => ReadRest(ref reader, reader.Text());

    /// <summary>Everything but the name.</summary>
    public static void WriteRest(MessageWriter writer, FeatureReading message)
    {
        writer.Byte((byte)((message.Text is null ? 0 : TextBit) | (message.Approximate ? ApproximateBit : 0) | (message.LargeInteger is null ? 0 : LargeIntegerBit)));
        writer.Double(message.LargeInteger is { } large ? BitConverter.Int64BitsToDouble(large) : message.Value);
        if (message.Text is not null)
        {
            writer.Text(message.Text);
        }

        writer.VarInt(message.AgeMilliseconds);
        writer.Byte((byte)message.Source);
        writer.VarInt(message.StalenessMilliseconds);
    }

    public static FeatureReading ReadRest(ref MessageReader reader, string name)
    {
        var (bits, value) = (reader.Byte(), reader.Double());
        long? large = (bits & LargeIntegerBit) != 0 ? BitConverter.DoubleToInt64Bits(value) : null;
        var text = (bits & TextBit) != 0 ? reader.Text() : null;
        return new(name, value, text, reader.VarInt(), (bits & ApproximateBit) != 0, (FeatureSource)reader.Byte(), reader.Int()) { LargeInteger = large };
    }
}

/// <summary>The features of an entity at a moment.</summary>
internal sealed class EntityFeaturesFormat : MessageFormat<EntityFeatures>
{
    public override void Write(MessageWriter writer, EntityFeatures message)
    {
        writer.Entity(message.Entity);
        writer.VarInt(message.At.UnixMilliseconds);
        writer.All(Formats.Feature, message.Features);
    }

    public override EntityFeatures Read(ref MessageReader reader) =>
        new(reader.Entity(), EventTimeFormat.ReadTime(ref reader), reader.All(Formats.Feature));
}

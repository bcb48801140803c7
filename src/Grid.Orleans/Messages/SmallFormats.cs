namespace Grid.Orleans;

/// <summary>An entity's name.</summary>
internal sealed class EntityIdFormat : MessageFormat<EntityId>
{
    public override void Write(MessageWriter writer, EntityId message)
    {
        writer.TextOrNull(message.Kind);
        writer.TextOrNull(message.Key);
    }

    public override EntityId Read(ref MessageReader reader) => new(reader.TextOrNull()!, reader.TextOrNull()!);
}

/// <summary>A payment.</summary>
internal sealed class PaymentFormat : MessageFormat<Payment>
{
    public override void Write(MessageWriter writer, Payment message)
    {
        writer.TextOrNull(message.TransactionId);
        EventTimeFormat.WriteOrNull(writer, message.At);
        writer.TextOrNull(message.Terminal);
        writer.Decimal(message.Amount);
    }

    public override Payment Read(ref MessageReader reader)
    {
        var id = reader.TextOrNull()!;
        var at = EventTimeFormat.ReadOrNull(ref reader);
        return new(id, at, reader.TextOrNull()!, reader.Decimal());
    }
}

/// <summary>What is wrong with an input.</summary>
internal sealed class ValidationErrorFormat : MessageFormat<ValidationError>
{
    public override void Write(MessageWriter writer, ValidationError message)
    {
        writer.Text(message.Field);
        writer.Text(message.Found);
        writer.Text(message.Expected);
    }

    public override ValidationError Read(ref MessageReader reader) => new(reader.Text(), reader.Text(), reader.Text());

    public static void WriteOrNull(MessageWriter writer, ValidationError? fault)
    {
        writer.Bool(fault is not null);
        if (fault is not null)
        {
            Formats.ValidationError.Write(writer, fault);
        }
    }

    public static ValidationError? ReadOrNull(ref MessageReader reader) => reader.Bool() ? Formats.ValidationError.Read(ref reader) : null;
}

/// <summary>The answer to an event.</summary>
internal sealed class ReceiptFormat : MessageFormat<EventReceipt>
{
    /// <summary>Written in place of the outcome of an event that was rejected for its id.</summary>
    private const byte Conflict = 3;

    public override void Write(MessageWriter writer, EventReceipt message)
    {
        writer.Byte(message.Error == GridError.IdConflict ? Conflict : (byte)message.Outcome);
        ValidationErrorFormat.WriteOrNull(writer, message.ValidationError);
    }

    public override EventReceipt Read(ref MessageReader reader)
    {
        var outcome = reader.Byte();
        var fault = ValidationErrorFormat.ReadOrNull(ref reader);
        return outcome switch
        {
            Conflict => new(EventOutcome.Rejected, fault, GridError.IdConflict),
            (byte)EventOutcome.Rejected => new(EventOutcome.Rejected, fault, GridError.InvalidInput),
            _ => new((EventOutcome)outcome, fault),
        };
    }
}

/// <summary>Why the grid did not do what it was asked. What lies behind it stays where it happened.</summary>
internal sealed class ExceptionFormat : MessageFormat<GridException>
{
    public override void Write(MessageWriter writer, GridException message)
    {
        writer.Byte((byte)message.Error);
        writer.Text(message.Message);
        ValidationErrorFormat.WriteOrNull(writer, message.ValidationError);
    }

    public override GridException Read(ref MessageReader reader) =>
        new((GridError)reader.Byte(), reader.Text(), ValidationErrorFormat.ReadOrNull(ref reader));
}

/// <summary>What a model grain says.</summary>
internal sealed class ModelScoreFormat : MessageFormat<ModelScore>
{
    public override void Write(MessageWriter writer, ModelScore message)
    {
        writer.VarUInt((ulong)message.Scores.Count);
        foreach (var score in message.Scores)
        {
            writer.Double(score);
        }

        writer.Text(message.Model);
    }

    public override ModelScore Read(ref MessageReader reader)
    {
        var scores = new float[reader.Count()];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)reader.Double();
        }

        return new(scores, reader.Text());
    }
}

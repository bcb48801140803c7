using System.Text;

using Grid.Features;

namespace Grid.Decisions;

/// <summary>
/// The decision log's record of one finished turn: everything the answer says that its request's row does not. Drawn in
/// docs/formats/decision-record.md.
/// </summary>
public static class DecisionRecord
{
    private const byte Version = 2;

    private enum Tag : byte
    {
        Missing = 0,
        Whole = 1,
        Double = 2,
        Text = 3,
    }

    /// <summary>Set in a tag where the value was approximate.</summary>
    private const byte ApproximateBit = 0x80;

    /// <summary>How many bytes <see cref="Write"/> may need for this frame.</summary>
    public static int MaxBytes(TurnFrame frame, string model)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(model);
        var bytes = 64 + (3 * model.Length) + (20 * frame.Reads.Length) + (9 * (frame.Fields.Length + frame.Plan.Outputs.Count));
        foreach (ref readonly var read in frame.Reads)
        {
            bytes += read.Value.Text is { } text ? Encoding.UTF8.GetMaxByteCount(text.Length) : 0;
        }

        return bytes;
    }

    /// <summary>Writes the finished turn of <paramref name="frame"/>; allocates nothing.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Write(TurnFrame frame, string model, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var writer = new SpanWriter(destination);
        writer.Byte(Version);
        writer.VarUInt((ulong)(frame.IsFallback ? frame.Plan.Rules.Count : frame.RuleIndex));
        writer.Double(frame.Score);
        writer.Text(model);
        var at = frame.Row.At.UnixMilliseconds;
        var inputs = frame.Reads[..frame.Plan.ScoreInput];
        writer.VarUInt((ulong)inputs.Length);
        foreach (ref readonly var read in inputs)
        {
            WriteValue(ref writer, read.Value, read.Approximate);
            writer.VarUInt(read.NewestMilliseconds == ReadValue.Nothing ? 0 : (ulong)(at - read.NewestMilliseconds) + 1);
        }

        writer.VarUInt((ulong)frame.Fields.Length);
        foreach (var value in frame.Fields)
        {
            WriteValue(ref writer, Value.Of(value), approximate: false);
        }

        var outputs = frame.Plan.Outputs.Count;
        writer.VarUInt((ulong)outputs);
        for (var i = 0; i < outputs; i++)
        {
            WriteValue(ref writer, Value.Of(frame.Output(i)), approximate: false);
        }

        return writer.Written;
    }

    /// <summary>Reads the answer back, equal in every member to the one that was given.</summary>
    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    /// <param name="shape">The shape of the decision when it was made.</param>
    /// <param name="request">What the record leaves to the journal: the decision's id, the owner's key, the event's id and time.</param>
    /// <param name="duplicate">Whether the answer is given again.</param>
    /// <exception cref="InvalidDataException">The bytes are not a record of this shape.</exception>
    public static Decision Read(
        ReadOnlySpan<byte> bytes,
        DecisionShape shape,
        (string Id, string OwnerKey, string EventId, EventTime At) request,
        bool duplicate)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var reader = new SpanReader(bytes);
        var version = reader.Byte();
        if (version is 0 or > Version)
        {
            throw new InvalidDataException($"A decision record has version {version}; this build reads versions up to {Version}.");
        }

        var rule = reader.VarUInt();
        var score = reader.Double();
        var model = reader.Text();
        var inputs = ReadInputs(ref reader, withAge: true);
        var fields = ReadInputs(ref reader, withAge: false);
        var outputs = version > 1 ? ReadInputs(ref reader, withAge: false) : []; // Version 1 knew of no outputs.
        if (rule >= (ulong)shape.Rules.Count)
        {
            throw new InvalidDataException($"A record of decision '{shape.Name}' names rule {rule} of {shape.Rules.Count}.");
        }

        return new()
        {
            Id = request.Id,
            Name = shape.Name,
            Owner = new(shape.OwnerKind, request.OwnerKey),
            EventId = request.EventId,
            At = request.At,
            Action = shape.Rules[(int)rule].Action,
            Score = score,
            Reasons = shape.Rules[(int)rule].Reasons,
            Features = ReadVector(shape, inputs, fields),
            Outputs = ReadOutputs(shape, outputs),
            Model = model,
            Bundle = shape.Bundle,
            Fallback = (int)rule == shape.Rules.Count - 1,
            Duplicate = duplicate,
        };
    }

    /// <summary>Reads the inputs alone, as they were when the turn ran: what running it again needs.</summary>
    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    /// <param name="at">The decision's moment.</param>
    public static ReadValue[] ReadInputs(ReadOnlySpan<byte> bytes, EventTime at)
    {
        var reader = new SpanReader(bytes);
        reader.Byte();
        reader.VarUInt();
        reader.Double();
        reader.Text();
        return [.. ReadInputs(ref reader, withAge: true).Select(input => new ReadValue(
            new(input.Value, input.Text),
            input.AgeMilliseconds < 0 ? ReadValue.Nothing : at.UnixMilliseconds - input.AgeMilliseconds,
            input.Approximate))];
    }

    private static void WriteValue(ref SpanWriter writer, Value value, bool approximate)
    {
        var bit = approximate ? ApproximateBit : (byte)0;
        if (value.Text is { } text)
        {
            writer.Byte((byte)((byte)Tag.Text | bit));
            writer.Text(text);
        }
        else if (double.IsNaN(value.Number))
        {
            writer.Byte((byte)((byte)Tag.Missing | bit));
        }
        else if (Math.Abs(value.Number) < 1L << 53 && value.Number == (long)value.Number && !IsNegativeZero(value.Number))
        {
            writer.Byte((byte)((byte)Tag.Whole | bit));
            writer.VarInt((long)value.Number);
        }
        else
        {
            writer.Byte((byte)((byte)Tag.Double | bit));
            writer.Double(value.Number);
        }
    }

    private static bool IsNegativeZero(double value) => value == 0 && double.IsNegative(value);

    private static FeatureReading[] ReadInputs(ref SpanReader reader, bool withAge)
    {
        var inputs = new FeatureReading[reader.Count(1)];
        for (var i = 0; i < inputs.Length; i++)
        {
            var tag = reader.Byte();
            var (number, text) = (Tag)(tag & ~ApproximateBit) switch
            {
                Tag.Missing => (double.NaN, null),
                Tag.Whole => (reader.VarInt(), null),
                Tag.Double => (reader.Double(), null),
                Tag.Text => (double.NaN, reader.Text()),
                var other => throw new InvalidDataException($"A decision record holds a value of unknown form {(byte)other}."),
            };
            var age = withAge ? (long)reader.VarUInt() - 1 : 0;
            inputs[i] = new("", number, text, age, (tag & ApproximateBit) != 0);
        }

        return inputs;
    }

    private static IReadOnlyList<DecisionOutput> ReadOutputs(DecisionShape shape, FeatureReading[] outputs) => outputs.Length == shape.Outputs.Count
        ? [.. outputs.Select((output, i) => new DecisionOutput(shape.Outputs[i], output.Value))]
        : throw new InvalidDataException($"A record of decision '{shape.Name}' has {outputs.Length} outputs of {shape.Outputs.Count}.");

    private static FeatureReading[] ReadVector(DecisionShape shape, FeatureReading[] inputs, FeatureReading[] fields)
    {
        var features = new FeatureReading[shape.Vector.Count];
        for (var i = 0; i < features.Length; i++)
        {
            var source = shape.Sources[i];
            var from = source < 0 ? fields : inputs;
            var at = source < 0 ? ~source : source;
            if (at >= from.Length)
            {
                throw new InvalidDataException($"A record of decision '{shape.Name}' has no value for '{shape.Vector[i]}'.");
            }

            features[i] = from[at] with { Name = shape.Vector[i] };
        }

        return features;
    }
}

using System.Text;
using Grid.Decisions.Turns;
using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Decisions.Records;

/// <summary>
/// The decision log's record of one finished turn: everything in the answer that is not in the request's row. Specified in
/// docs/formats/journal.md#records.
/// </summary>
internal static class DecisionRecord
{
    private const byte Version = 3;

    private enum Tag : byte
    {
        Missing = 0,
        Whole = 1,
        Double = 2,
        Text = 3,

        /// <summary>The same as the input at this index of the previous candidate; in rankings.</summary>
        Same = 4,
    }

    /// <summary>Set in a tag if the value is approximate.</summary>
    private const byte ApproximateBit = 0x80;

    /// <summary>Set in a tag if the value did not come from the owner; its feature source and staleness follow its age.</summary>
    private const byte OriginBit = 0x40;

    /// <summary>The maximum number of bytes that <see cref="Write"/> needs for a frame.</summary>
    public static int MaxBytes(TurnFrame frame, string model)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(model);
        return 32 + (3 * model.Length) + MaxTurnBytes(frame);
    }

    /// <summary>Writes the finished turn of <paramref name="frame"/>; allocates nothing.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(TurnFrame frame, string model, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var writer = new SpanWriter(destination);
        writer.Byte(Version);
        WriteOutcome(ref writer, frame);
        writer.Text(model);
        WriteValues(ref writer, frame, null);
        return writer.Written;
    }

    internal static int MaxTurnBytes(TurnFrame frame)
    {
        var bytes = 32 + (32 * frame.Reads.Length) + (9 * (frame.Fields.Length + frame.Plan.Outputs.Count));
        foreach (ref readonly var read in frame.Reads)
        {
            bytes += read.Value.Text is { } text ? Encoding.UTF8.GetMaxByteCount(text.Length) : 0;
        }

        return bytes;
    }

    /// <summary>Writes the rule that fired, and the score.</summary>
    internal static void WriteOutcome(ref SpanWriter writer, TurnFrame frame)
    {
        writer.VarUInt((ulong)(frame.IsFallback ? frame.Plan.Rules.Count : frame.RuleIndex));
        writer.Double(frame.Score);
    }

    /// <summary>Writes inputs with age and feature source, fields of the vector, and outputs.</summary>
    /// <param name="writer">The destination.</param>
    /// <param name="frame">The finished turn.</param>
    /// <param name="before">The turn of the previous candidate, whose equal inputs are not repeated; null if there is none.</param>
    internal static void WriteValues(ref SpanWriter writer, TurnFrame frame, TurnFrame? before)
    {
        var at = frame.Row.At.UnixMilliseconds;
        var inputs = frame.Reads[..frame.Plan.ScoreInput];
        var origins = frame.Origins;
        writer.VarUInt((ulong)inputs.Length);
        for (var i = 0; i < inputs.Length; i++)
        {
            ref readonly var read = ref inputs[i];
            var origin = origins.IsEmpty ? default : origins[i];
            if (before is not null && IsSame(read, before.Reads[i]) && (origins.IsEmpty || origin == before.Origins[i]))
            {
                writer.Byte((byte)Tag.Same);
                continue;
            }

            var stands = origin == default ? (byte)0 : OriginBit;
            WriteValue(ref writer, read.Value, (byte)((read.Approximate ? ApproximateBit : 0) | stands));
            writer.VarUInt(read.NewestMilliseconds == ReadValue.Nothing ? 0 : (ulong)(at - read.NewestMilliseconds) + 1);
            if (stands != 0)
            {
                writer.Byte((byte)origin.Source);
                writer.VarUInt((ulong)origin.StalenessMilliseconds);
            }
        }

        writer.VarUInt((ulong)frame.Fields.Length);
        foreach (var value in frame.Fields)
        {
            WriteValue(ref writer, value, 0);
        }

        var outputs = frame.Plan.Outputs.Count;
        writer.VarUInt((ulong)outputs);
        for (var i = 0; i < outputs; i++)
        {
            WriteValue(ref writer, frame.Output(i), 0);
        }
    }

    /// <summary>Reads the answer back, equal in every member to the original.</summary>
    /// <param name="bytes">The output of <see cref="Write"/>.</param>
    /// <param name="shape">The shape of the decision when it was made.</param>
    /// <param name="request">
    /// The parts stored elsewhere in the journal: the decision's id, the owner's key, the event's id and time.
    /// </param>
    /// <param name="duplicate">Whether the answer is returned for a repeated request.</param>
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
        var outputs = version > 1 ? ReadInputs(ref reader, withAge: false) : []; // Version 1 has no outputs.
        CheckRule(rule, shape);
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
            TimedOut = ReadTimedOut(shape, inputs),
            Model = model,
            Bundle = shape.Bundle,
            Fallback = (int)rule == shape.Rules.Count - 1,
            Duplicate = duplicate,
        };
    }

    /// <summary>Reads only the inputs as of the turn, which is all that a replay needs.</summary>
    /// <param name="bytes">The output of <see cref="Write"/>.</param>
    /// <param name="at">The decision time.</param>
    public static ReadValue[] ReadInputs(ReadOnlySpan<byte> bytes, EventTime at)
    {
        var reader = new SpanReader(bytes);
        reader.Byte();
        reader.VarUInt();
        reader.Double();
        reader.Text();
        return [.. ReadInputs(ref reader, withAge: true).Select(input => new ReadValue(
            Value.Of(input),
            input.AgeMilliseconds < 0 ? ReadValue.Nothing : at.UnixMilliseconds - input.AgeMilliseconds,
            input.Approximate))];
    }

    /// <summary>Reads one candidate of a ranking: the output of <see cref="WriteOutcome"/> and <see cref="WriteValues"/>.</summary>
    /// <param name="reader">The source.</param>
    /// <param name="shape">The shape of the decision when it was made.</param>
    /// <param name="before">The inputs of the previous candidate; replaced by those of this one.</param>
    /// <param name="named">Its key, its place, why it was moved down, and whether the fallback model scored it.</param>
    internal static RankedItem ReadItem(
        ref SpanReader reader, DecisionShape shape, ref FeatureReading[] before, (string Key, int? Place, string Moved, bool ByFallbackModel) named)
    {
        var rule = reader.VarUInt();
        var score = reader.Double();
        var inputs = ReadInputs(ref reader, withAge: true, before);
        var fields = ReadInputs(ref reader, withAge: false);
        var outputs = ReadInputs(ref reader, withAge: false);
        CheckRule(rule, shape);
        before = inputs;
        var reasons = shape.Rules[(int)rule].Reasons;
        return new()
        {
            Key = named.Key,
            Place = named.Place,
            Action = shape.Rules[(int)rule].Action,
            Score = score,
            Reasons = named.Moved.Length == 0 ? reasons : [.. reasons, named.Moved],
            Features = ReadVector(shape, inputs, fields),
            Outputs = ReadOutputs(shape, outputs),
            TimedOut = ReadTimedOut(shape, inputs),
            ByFallbackModel = named.ByFallbackModel,
            Fallback = (int)rule == shape.Rules.Count - 1,
        };
    }

    private static void CheckRule(ulong rule, DecisionShape shape)
    {
        if (rule >= (ulong)shape.Rules.Count)
        {
            throw new InvalidDataException($"A record of decision '{shape.Name}' names rule {rule} of {shape.Rules.Count}.");
        }
    }

    private static void WriteValue(ref SpanWriter writer, Value value, byte bits)
    {
        if (value.Text is { } text)
        {
            writer.Byte((byte)((byte)Tag.Text | bits));
            writer.Text(text);
        }
        else if (value.Large is { } large)
        {
            writer.Byte((byte)((byte)Tag.Whole | bits));
            writer.VarInt(large);
        }
        else if (double.IsNaN(value.Number))
        {
            writer.Byte((byte)((byte)Tag.Missing | bits));
        }
        else if (Math.Abs(value.Number) < 1L << 53 && value.Number == (long)value.Number && !IsNegativeZero(value.Number))
        {
            writer.Byte((byte)((byte)Tag.Whole | bits));
            writer.VarInt((long)value.Number);
        }
        else
        {
            writer.Byte((byte)((byte)Tag.Double | bits));
            writer.Double(value.Number);
        }
    }

    // Bitwise: equality of doubles does not distinguish 0 and -0.
    private static bool IsSame(in ReadValue read, in ReadValue before) =>
        read.Value.IsSameAs(before.Value) && read.NewestMilliseconds == before.NewestMilliseconds && read.Approximate == before.Approximate;

    private static bool IsNegativeZero(double value) => value == 0 && double.IsNegative(value);

    private static FeatureReading[] ReadInputs(ref SpanReader reader, bool withAge, FeatureReading[]? before = null)
    {
        var inputs = new FeatureReading[reader.Count(1)];
        for (var i = 0; i < inputs.Length; i++)
        {
            var tag = reader.Byte();
            if (tag == (byte)Tag.Same && before is not null && i < before.Length)
            {
                inputs[i] = before[i];
                continue;
            }

            var value = (Tag)(tag & ~(ApproximateBit | OriginBit)) switch
            {
                Tag.Missing => Value.Missing,
                Tag.Whole => Value.OfInteger(reader.VarInt()),
                Tag.Double => Value.Of(reader.Double()),
                Tag.Text => Value.Of(reader.Text()),
                var other => throw new InvalidDataException($"A decision record holds a value of unknown form {(byte)other}."),
            };
            var age = withAge ? (long)reader.VarUInt() - 1 : 0;
            var (source, staleness) = (tag & OriginBit) == 0 ? default : ((FeatureSource)reader.Byte(), (int)Math.Min(reader.VarUInt(), int.MaxValue));
            if (source > FeatureSource.Missing)
            {
                throw new InvalidDataException($"A decision record holds a value with the feature source {(byte)source}, which this build does not know.");
            }

            inputs[i] = new("", value.Number, value.Text, age, (tag & ApproximateBit) != 0, source, staleness) { LargeInteger = value.Large };
        }

        return inputs;
    }

    private static string[] ReadTimedOut(DecisionShape shape, FeatureReading[] inputs)
    {
        List<string>? timedOut = null;
        for (var i = 0; i < Math.Min(inputs.Length, shape.Inputs.Count); i++)
        {
            if (inputs[i].Source > FeatureSource.Replica)
            {
                (timedOut ??= []).Add(shape.Inputs[i]);
            }
        }

        return timedOut?.ToArray() ?? [];
    }

    private static IReadOnlyList<DecisionOutput> ReadOutputs(DecisionShape shape, FeatureReading[] outputs) => outputs.Length == shape.Outputs.Count
        ? [.. outputs.Select((output, i) => new DecisionOutput(shape.Outputs[i], output.Value) { LargeInteger = output.LargeInteger })]
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

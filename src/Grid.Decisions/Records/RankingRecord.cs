using System.Buffers.Binary;
using System.Text;
using Grid.Decisions.Turns;
using Grid.Features.Binary;

namespace Grid.Decisions.Records;

/// <summary>
/// The decision log's record of one finished ranking: all candidates in the order of the answer, each encoded like a turn in
/// <see cref="DecisionRecord"/>. An input equal to that of the previous candidate is written only once. The fields sent with the candidates
/// follow, to distinguish a repeated request from one with other candidates. Specified in docs/formats/journal.md#records.
/// </summary>
internal static class RankingRecord
{
    private const byte Version = 3;

    /// <summary>The first version that contains the fields sent with the candidates.</summary>
    private const byte SentSince = 3;

    /// <summary>The maximum number of bytes that <see cref="Write"/> needs.</summary>
    public static int MaxBytes(RankFrame frame, string model, IReadOnlyList<EntityId> timedOut)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(timedOut);
        var bytes = 64 + (3 * (model.Length + (frame.FallbackModel?.Length ?? 0)));
        foreach (var entity in timedOut)
        {
            bytes += 16 + (3 * (entity.Kind.Length + entity.Key.Length));
        }

        for (var i = 0; i < frame.Count; i++)
        {
            bytes += 16 + Encoding.UTF8.GetMaxByteCount(KeyOf(frame[i]).Length) + (3 * (frame.MovedAt(i)?.Length ?? 0)) + DecisionRecord.MaxTurnBytes(frame[i]);
        }

        return bytes + MaxSentBytes(frame);
    }

    /// <summary>Writes a ranking whose candidates are ordered.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(RankFrame frame, string model, IReadOnlyList<EntityId> timedOut, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(timedOut);
        var writer = new SpanWriter(destination);
        writer.Byte(Version);
        writer.Text(model);
        writer.VarUInt((ulong)timedOut.Count);
        foreach (var entity in timedOut)
        {
            writer.Text(entity.Kind);
            writer.Text(entity.Key);
        }

        writer.Text(frame.FallbackModel ?? "");
        writer.VarUInt((ulong)frame.Placed);
        writer.VarUInt((ulong)frame.Count);
        TurnFrame? before = null;
        for (var i = 0; i < frame.Count; i++)
        {
            var candidate = frame[frame.CandidateAt(i)];
            writer.Text(KeyOf(candidate));
            writer.Text(frame.MovedAt(i) ?? "");
            if (frame.FallbackModel is not null)
            {
                writer.Byte(candidate.UsesFallbackModel ? (byte)1 : (byte)0);
            }

            DecisionRecord.WriteOutcome(ref writer, candidate);
            DecisionRecord.WriteValues(ref writer, candidate, before);
            before = candidate;
        }

        var at = writer.Written;
        writer.UInt32(0);
        WriteSent(ref writer, frame);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[at..], (uint)(writer.Written - at - sizeof(uint)));
        return writer.Written;
    }

    /// <summary>Reads the answer back, equal in every member to the original.</summary>
    /// <param name="bytes">The output of <see cref="Write"/>.</param>
    /// <param name="shape">The shape of the decision when it was made.</param>
    /// <param name="request">The parts stored elsewhere in the journal: the ranking's id, the owner's key, the event's id and time.</param>
    /// <param name="duplicate">Whether the answer is returned for a repeated request.</param>
    /// <exception cref="InvalidDataException">The bytes are not a record of this shape.</exception>
    public static Ranking Read(
        ReadOnlySpan<byte> bytes,
        DecisionShape shape,
        (string Id, string OwnerKey, string EventId, EventTime At) request,
        bool duplicate) =>
        Read(bytes, shape, request, duplicate, out _);

    /// <summary>
    /// Whether a record is a ranking of a frame's candidates: the same candidates in the same order, with the same fields. Records of
    /// versions 1 and 2 contain only the candidates' keys, which are compared in any order.
    /// </summary>
    /// <param name="bytes">The output of <see cref="Write"/>.</param>
    /// <param name="shape">The shape of the decision when it was made.</param>
    /// <param name="frame">The candidates of a request.</param>
    /// <exception cref="InvalidDataException">The bytes are not a record of this shape.</exception>
    public static bool IsOf(ReadOnlySpan<byte> bytes, DecisionShape shape, RankFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var ranking = Read(bytes, shape, default, duplicate: true, out var sent);
        if (bytes[0] < SentSince)
        {
            return ranking.Items.Select(item => item.Key).Order(StringComparer.Ordinal)
                .SequenceEqual(Enumerable.Range(0, frame.Count).Select(i => KeyOf(frame[i])).Order(StringComparer.Ordinal));
        }

        var now = new byte[MaxSentBytes(frame)];
        var writer = new SpanWriter(now);
        WriteSent(ref writer, frame);
        return sent.SequenceEqual(now.AsSpan(0, writer.Written));
    }

    private static Ranking Read(
        ReadOnlySpan<byte> bytes,
        DecisionShape shape,
        (string Id, string OwnerKey, string EventId, EventTime At) request,
        bool duplicate,
        out ReadOnlySpan<byte> sent)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var reader = new SpanReader(bytes);
        var version = reader.Byte();
        if (version is 0 or > Version)
        {
            throw new InvalidDataException($"A ranking's record has version {version}; this build reads versions up to {Version}.");
        }

        var model = reader.Text();
        var timedOut = new EntityId[reader.Count(2)];
        for (var i = 0; i < timedOut.Length; i++)
        {
            timedOut[i] = new(reader.Text(), reader.Text());
        }

        var late = version > 1 ? reader.Text() : ""; // Version 1 has no fallback model.
        var placed = reader.VarUInt();
        var items = new RankedItem[reader.Count(12)];
        FeatureReading[] before = [];
        for (var i = 0; i < items.Length; i++)
        {
            var (key, moved) = (reader.Text(), reader.Text());
            var isLate = late.Length > 0 && reader.Byte() != 0;
            items[i] = DecisionRecord.ReadItem(ref reader, shape, ref before, (key, (ulong)i < placed ? i + 1 : null, moved, isLate));
        }

        sent = version >= SentSince ? reader.Bytes((int)Math.Min(reader.UInt32(), int.MaxValue)) : [];

        return new()
        {
            Id = request.Id,
            Name = shape.Name,
            Owner = new(shape.OwnerKind, request.OwnerKey),
            EventId = request.EventId,
            At = request.At,
            Items = items,
            Model = model,
            FallbackModel = late.Length > 0 ? late : null,
            Bundle = shape.Bundle,
            Fallback = items.Any(item => item.Fallback),
            Duplicate = duplicate,
            TimedOut = timedOut,
        };
    }

    private static int MaxSentBytes(RankFrame frame)
    {
        var bytes = sizeof(uint);
        for (var i = 0; i < frame.Count; i++)
        {
            bytes += RowRecord.MaxBytes(frame[i].Row, frame.Plan.Candidates!.FirstSlot, frame.Plan.Candidates.Fields.SentFields);
        }

        return bytes;
    }

    /// <summary>Writes the fields sent with each candidate, in request order.</summary>
    private static void WriteSent(ref SpanWriter writer, RankFrame frame)
    {
        var candidates = frame.Plan.Candidates!;
        var count = candidates.Fields.SentFields;
        for (var i = 0; i < frame.Count; i++)
        {
            RowRecord.WriteFields(ref writer, frame[i].Row, candidates.FirstSlot, count);
        }
    }

    private static string KeyOf(TurnFrame candidate) => candidate.Row[candidate.Plan.Candidates!.KeySlot].Text!;
}

using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Orleans;

/// <summary>The event that a label amends: where its row is, when it happened, its id's hash, whom it concerns.</summary>
internal sealed record Labelled(long Version, EventTime At, ulong IdHash, IReadOnlyList<Told> Told);

/// <summary>Puts rows together. Called under the stripe's lock, whose scratch they are made in.</summary>
internal static class RowBytes
{
    /// <summary>The row of an event, or of a decision on it.</summary>
    public static byte[] OfEvent(SiloCore core, Stripe stripe, TurnFrame frame, EventFacts type, RecordKind kind, DecisionFacts? decision, string? model)
    {
        var row = frame.Row;
        var bytes = RowBody.HeaderBytes + 16 + RowRecord.MaxBytes(row, type.Sent) + (decision is null ? 0 : DecisionRecord.MaxBytes(frame, model!));
        var scratch = stripe.ScratchOf(bytes);
        var writer = new SpanWriter(scratch);
        RowBody.WriteHeader(ref writer, core.Schemas.Current);
        writer.Byte((byte)kind);
        if (decision is not null)
        {
            writer.VarUInt((ulong)decision.Plan.Ordinal);
        }

        RowRecord.Write(ref writer, row, type.Sent);
        var length = writer.Written + (decision is null ? 0 : DecisionRecord.Write(frame, model!, scratch.AsSpan(writer.Written)));
        return scratch[..length];
    }

    /// <summary>The row of a ranking.</summary>
    public static byte[] OfRanking(SiloCore core, Stripe stripe, Asked asked, RankFrame rank, RecordKind kind, string model)
    {
        var (row, type) = (asked.Frame.Row, asked.Decision.On);
        var scratch = stripe.ScratchOf(RowBody.HeaderBytes + 16 + RowRecord.MaxBytes(row, type.Sent) + RankingRecord.MaxBytes(rank, model, asked.TimedOut));
        var writer = new SpanWriter(scratch);
        RowBody.WriteHeader(ref writer, core.Schemas.Current);
        writer.Byte((byte)kind);
        writer.VarUInt((ulong)asked.Decision.Plan.Ordinal);
        RowRecord.Write(ref writer, row, type.Sent);
        var length = writer.Written + RankingRecord.Write(rank, model, asked.TimedOut, scratch.AsSpan(writer.Written));
        return scratch[..length];
    }

    /// <summary>The row that says of an entity what it heard: an event, or a label of one.</summary>
    public static byte[] OfHeard(SiloCore core, Stripe stripe, JournalRecord heard, EventFacts type)
    {
        if (heard.Kind is RecordKind.Label)
        {
            return OfLabel(core, stripe, heard.Row, type, RecordKind.HeardLabel, new(0, heard.Target.At, heard.Target.IdHash, []));
        }

        var scratch = stripe.ScratchOf(RowBody.HeaderBytes + 16 + RowRecord.MaxBytes(heard.Row, type.Sent));
        var writer = new SpanWriter(scratch);
        RowBody.WriteHeader(ref writer, core.Schemas.Current);
        writer.Byte((byte)RecordKind.Heard);
        RowRecord.Write(ref writer, heard.Row, type.Sent);
        return scratch[..writer.Written];
    }

    /// <summary>The row of a label and of whom it concerns.</summary>
    public static byte[] OfLabel(SiloCore core, Stripe stripe, EventRow row, EventFacts type, RecordKind kind, Labelled labelled)
    {
        var scratch = stripe.ScratchOf(RowBody.HeaderBytes + 64 + RowRecord.MaxBytes(row, type.Sent) + labelled.Told.Sum(told => 8 + (told.Key.Length * 3)));
        var writer = new SpanWriter(scratch);
        RowBody.WriteHeader(ref writer, core.Schemas.Current);
        writer.Byte((byte)kind);
        RowRecord.Write(ref writer, row, type.Sent);
        writer.VarUInt((ulong)labelled.Version);
        writer.VarInt(labelled.At.UnixMilliseconds);
        writer.Int64((long)labelled.IdHash);
        writer.VarUInt(0); // It waits elsewhere: see WaitingLabelBody.
        writer.VarUInt((ulong)labelled.Told.Count);
        foreach (var told in labelled.Told)
        {
            writer.VarUInt((ulong)told.Kind);
            writer.Text(told.Key);
        }

        return scratch[..writer.Written];
    }
}

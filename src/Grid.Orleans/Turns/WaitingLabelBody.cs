using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Orleans;

/// <summary>A label that waits for its event, in the bytes that it waits in. The same label is the same bytes, as long as the bundle is the same.</summary>
internal static class WaitingLabelBody
{
    public static byte[] Of(SiloCore core, EventRow row, EventFacts type)
    {
        var buffer = new byte[RowBody.HeaderBytes + 16 + RowRecord.MaxBytes(row, type.Sent)];
        var writer = new SpanWriter(buffer);
        RowBody.WriteHeader(ref writer, core.Schemas.Current);
        writer.Byte((byte)RecordKind.WaitingLabel);
        RowRecord.Write(ref writer, row, type.Sent);
        return buffer[..writer.Written];
    }
}

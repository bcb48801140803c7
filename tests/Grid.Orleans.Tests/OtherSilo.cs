using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Decisions.Records;
using Grid.Features.Binary;
using Grid.Features.Plans;
using Grid.Features.Rows;
using Grid.Postgres;
using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>Writes and reads the log as a silo elsewhere would.</summary>
internal static class OtherSilo
{
    /// <summary>Writes the row of an event that an entity took in, which others must hear of.</summary>
    public static async Task<Heard> WriteAsync(string database, EntityId entity, long version, Event happened, params EntityId[] tells)
    {
        var bundle = BundleReader.Read(Repository.Bundle("fraud"));
        var plan = bundle.Definitions.Events[0];
        var row = new EventRow();
        var at = EventTime.FromUnixMilliseconds(1_530_000_000_000);
        Assert.True(RowReader.TryRead(happened, plan, at, EventTime.FromUnixMilliseconds(at.UnixMilliseconds + 1_000), row, out _));
        var body = Body(bundle, row, plan);
        await using var log = await OpenAsync(database);
        await log.WriterOf(entity, version - 1).AppendAsync(new()
        {
            Version = version,
            EventType = plan.Name,
            IdHash = row.IdHash,
            At = row.At,
            Body = body,
            Tells = tells,
        });
        return new(entity, version, body);
    }

    public static Task<EventLog> OpenAsync(string database) => EventLog.OpenAsync(new() { ConnectionString = database }, TimeProvider.System, null, default);

    private static byte[] Body(Bundle bundle, EventRow row, EventPlan plan)
    {
        var buffer = new byte[512];
        var writer = new SpanWriter(buffer);
        RowBody.WriteHeader(ref writer, SchemaBook.FingerprintOf(bundle));
        writer.Byte((byte)RecordKind.Event);
        RowRecord.Write(ref writer, row, plan.SentFields);
        return buffer[..writer.Written];
    }
}

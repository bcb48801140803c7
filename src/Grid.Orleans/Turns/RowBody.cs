using Grid.Decisions.Records;
using Grid.Features.Binary;

namespace Grid.Orleans;

/// <summary>
/// A row of the cluster's storage: a version (1 byte), the fingerprint of the schema it was written with (8 bytes), and a record as the journal
/// has it. Drawn in docs/formats/cluster.md#rows.
/// </summary>
internal static class RowBody
{
    public const int HeaderBytes = 9;

    private const byte Version = 1;

    public static void WriteHeader(ref SpanWriter writer, ulong schema)
    {
        writer.Byte(Version);
        writer.Int64((long)schema);
    }

    /// <exception cref="InvalidDataException">The bytes are no row, or one of a newer version.</exception>
    public static ulong SchemaOf(ReadOnlySpan<byte> body)
    {
        var reader = new SpanReader(body);
        return reader.Byte() is var version && version == Version
            ? (ulong)reader.Int64()
            : throw new InvalidDataException($"A stored row has version {version}; this build reads version {Version}.");
    }

    /// <summary>Decodes a row whose schema's map is at hand.</summary>
    /// <exception cref="InvalidDataException">The bytes are no row of that schema.</exception>
    public static void Read(ReadOnlyMemory<byte> body, long version, SchemaMap map, JournalRecord record) => record.Read(version, body[HeaderBytes..], map);
}

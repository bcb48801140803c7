using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>
/// A row that holds what an entity has heard since the last one: a version (1 byte), a count, and that many rows' bodies.
/// Drawn in docs/formats/cluster.md#rows.
/// </summary>
internal static class RowPack
{
    /// <summary>The event type under which packs are kept. No bundle can have one of that name.</summary>
    public const string EventType = "~heard";

    private const byte Version = 2;

    public static bool IsPack(ReadOnlySpan<byte> body) => body is [Version, ..];

    public static byte[] Write(IReadOnlyList<byte[]> bodies)
    {
        var writer = MessageWriter.Take();
        writer.Byte(Version);
        writer.VarUInt((ulong)bodies.Count);
        foreach (var body in bodies)
        {
            writer.Block(body);
        }

        return writer.Written.ToArray();
    }

    /// <summary>The rows with each pack's own in its place.</summary>
    /// <exception cref="InvalidDataException">A pack is damaged.</exception>
    public static List<(long Version, ReadOnlyMemory<byte> Body)> Unpack(IReadOnlyList<LogEntry> rows)
    {
        var bodies = new List<(long, ReadOnlyMemory<byte>)>(rows.Count);
        foreach (var row in rows)
        {
            if (!IsPack(row.Body.Span))
            {
                bodies.Add((row.Version, row.Body));
                continue;
            }

            var reader = new MessageReader(row.Body.Span);
            reader.Byte();
            for (var left = reader.Count(); left > 0; left--)
            {
                bodies.Add((row.Version, reader.Block()));
            }
        }

        return bodies;
    }
}

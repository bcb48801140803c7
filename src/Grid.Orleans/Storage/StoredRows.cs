using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>The rows of an entity as grain state: all of them in one value, written whole. Drawn in docs/formats/cluster.md#rows.</summary>
internal static class StoredRows
{
    public static byte[] Write(IReadOnlyList<StoredRow> rows, long version)
    {
        var writer = MessageWriter.Take();
        writer.Byte(Formats.Version);
        writer.VarInt(version);
        writer.VarUInt((ulong)rows.Count);
        foreach (var row in rows)
        {
            writer.VarInt(row.Entry.Version);
            writer.Text(row.Entry.EventType);
            writer.Int64((long)row.Entry.IdHash);
            writer.VarInt(row.Entry.At.UnixMilliseconds);
            writer.Bool(row.Untold);
            writer.Block(row.Entry.Body.Span);
        }

        return writer.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no rows.</exception>
    public static (long Version, List<StoredRow> Rows) Read(EntityId entity, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return (0, []);
        }

        var reader = new MessageReader(bytes);
        reader.Byte();
        var version = reader.VarInt();
        var count = reader.Count();
        var rows = new List<StoredRow>(count);
        for (var i = 0; i < count; i++)
        {
            var (made, type, hash, at, untold) = (reader.VarInt(), reader.Text(), (ulong)reader.Int64(), EventTimeFormat.ReadTime(ref reader), reader.Bool());
            rows.Add(new(new(entity, made, type, hash, at, reader.Block()), untold));
        }

        return (version, rows);
    }
}

/// <summary>A row as grain state keeps it.</summary>
/// <param name="Entry">The row.</param>
/// <param name="Untold">Whether others must still be told of it.</param>
internal sealed record StoredRow(LogEntry Entry, bool Untold);

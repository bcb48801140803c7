namespace Grid.Orleans;

/// <summary>A file in the list that is grain state.</summary>
/// <param name="Id">Its number, never given anew.</param>
/// <param name="PutMilliseconds">When it was put, in Unix milliseconds.</param>
/// <param name="Known">From when on it is seen; null where it has no moment.</param>
/// <param name="Sure">Whether that stands.</param>
/// <param name="Kind">The kind whose features it holds.</param>
/// <param name="Features">Their names.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Chunks">In how many grains.</param>
/// <param name="Checksum">Of all its bytes.</param>
internal sealed record StoredFile(long Id, long PutMilliseconds, EventTime? Known, bool Sure, string Kind, string[] Features, int Bytes, int Chunks, uint Checksum);

/// <summary>The list of files as bytes.</summary>
internal static class StoredFileList
{
    public static byte[] Write(long next, IReadOnlyList<StoredFile> files)
    {
        var writer = MessageWriter.Take();
        writer.Byte(Formats.Version);
        writer.VarInt(next);
        writer.VarUInt((ulong)files.Count);
        foreach (var file in files)
        {
            writer.VarInt(file.Id);
            writer.VarInt(file.PutMilliseconds);
            EventTimeFormat.WriteOrNull(writer, file.Known);
            writer.Bool(file.Sure);
            writer.Text(file.Kind);
            writer.Texts(file.Features);
            writer.VarInt(file.Bytes);
            writer.VarInt(file.Chunks);
            writer.VarUInt(file.Checksum);
        }

        return writer.Written.ToArray();
    }

    /// <returns>The number that the next file gets, and the files in the order they were put.</returns>
    /// <exception cref="InvalidDataException">The bytes are no list.</exception>
    public static (long Next, List<StoredFile> Files) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return (1, []);
        }

        var reader = new MessageReader(bytes);
        reader.Byte();
        var next = reader.VarInt();
        var files = new List<StoredFile>();
        for (var left = reader.Count(); left > 0; left--)
        {
            var (id, put) = (reader.VarInt(), reader.VarInt());
            var known = EventTimeFormat.ReadOrNull(ref reader);
            files.Add(new(id, put, known, reader.Bool(), reader.Text(), reader.Texts(), reader.Int(), reader.Int(), (uint)reader.VarUInt()));
        }

        return (next, files);
    }
}

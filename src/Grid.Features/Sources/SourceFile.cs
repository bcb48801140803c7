using Grid.Gzip;

namespace Grid.Features.Sources;

/// <summary>Opens files for <see cref="SourceReader"/>.</summary>
internal static class SourceFile
{
    /// <summary>Makes a stream of the text of a file that may be compressed: gzip is known by its first two bytes, whatever the name.</summary>
    /// <remarks>
    /// Compressed data that breaks off or is damaged is an <see cref="InvalidDataException"/> where it is read
    /// (<see cref="StrictGzipStream"/>).
    /// </remarks>
    /// <param name="file">A stream that can seek; closed with the one that is returned.</param>
    public static Stream Decompressed(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var gzip = file.ReadByte() == 0x1F && file.ReadByte() is 0x8B or -1;
        file.Position = 0;
        return gzip ? new StrictGzipStream(file) : file;
    }
}

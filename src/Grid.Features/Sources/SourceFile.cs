using Grid.Gzip;

namespace Grid.Features.Sources;

/// <summary>Opens files for <see cref="SourceReader"/>.</summary>
internal static class SourceFile
{
    /// <summary>Returns the decompressed contents of a file; gzip is detected by its first two bytes, whatever the file name.</summary>
    /// <remarks>
    /// Reading truncated or damaged compressed data throws <see cref="InvalidDataException"/> (<see cref="StrictGzipStream"/>).
    /// </remarks>
    /// <param name="file">A seekable stream; closed together with the returned one.</param>
    public static Stream Decompressed(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var gzip = file.ReadByte() == 0x1F && file.ReadByte() is 0x8B or -1;
        file.Position = 0;
        return gzip ? new StrictGzipStream(file) : file;
    }
}

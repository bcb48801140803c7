using System.IO.Compression;

namespace Grid.Features;

/// <summary>Opens files for <see cref="SourceReader"/>.</summary>
internal static class SourceFile
{
    /// <summary>Makes a stream of the text of a file that may be compressed: gzip is known by its first two bytes, whatever the name.</summary>
    /// <param name="file">A stream that can seek; closed with the one that is returned.</param>
    public static Stream Decompressed(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}

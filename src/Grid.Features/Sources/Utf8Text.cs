using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Grid.Features.Sources;

/// <summary>Finds invalid UTF-8 in files.</summary>
internal static class Utf8Text
{
    /// <summary>The UTF-8 byte order mark, which may precede the text.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The index of the first invalid byte; -1 if there is none.</summary>
    public static int IndexOfInvalid(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return -1;
        }

        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <summary>Describes what was found and what is expected.</summary>
    public static string Fault(byte found) =>
        $"found the byte 0x{found:X2}, which is not UTF-8 at this place; expected text in UTF-8. "
        + "Convert the file, for example with iconv -t UTF-8.";
}

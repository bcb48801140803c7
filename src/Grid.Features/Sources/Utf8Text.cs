using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Grid.Features.Sources;

/// <summary>Finds bytes that are not UTF-8, in files of whatever kind.</summary>
internal static class Utf8Text
{
    /// <summary>What may stand at the beginning of a file and is no part of its text.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The index of the first byte that is no part of a character; -1 where all of them are.</summary>
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

    /// <summary>What was found there and what is expected, in words.</summary>
    public static string Fault(byte found) =>
        $"found the byte 0x{found:X2}, which is not UTF-8 at this place; expected text in UTF-8. "
        + "Convert the file, for example with iconv -t UTF-8.";
}

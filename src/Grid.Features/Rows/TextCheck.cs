using System.Buffers;
using System.Text;

namespace Grid.Features.Rows;

/// <summary>Whether a text may be kept: as an id or a key, or as any other field.</summary>
internal static class TextCheck
{
    /// <summary>The longest text of a field that is neither an id nor a key, in UTF-8 bytes.</summary>
    public const int MaxTextBytes = 4096;

    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    /// <summary>Why a text is no id and no key, in words; null where it is one.</summary>
    public static string? FaultOfKey(string text)
    {
        if (text.Length is > 0 and <= EntityId.MaxKeyBytes && !text.AsSpan().ContainsAnyExcept(Plain))
        {
            return null;
        }

        if (text.Length == 0)
        {
            return "an empty text";
        }

        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return $"a text with the control character U+{(int)c:X4}";
            }
        }

        return FaultOfText(text, EntityId.MaxKeyBytes);
    }

    /// <summary>Why a text cannot be kept, in words; null where it can.</summary>
    public static string? FaultOfText(string text, int mostBytes = MaxTextBytes)
    {
        // No character takes more than three bytes.
        var bytes = text.Length * 3 <= mostBytes ? 0 : Encoding.UTF8.GetByteCount(text);
        if (bytes > mostBytes)
        {
            return $"a text of {bytes} bytes";
        }

        return HasHalfACharacter(text) ? "a text with half of a surrogate pair, which is no character" : null;
    }

    private static bool HasHalfACharacter(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return true;
            }

            i++;
        }

        return false;
    }
}

using System.Buffers;
using System.Text;

namespace Grid.Features.Rows;

/// <summary>Validates strings: ids and keys, and all other fields.</summary>
internal static class TextCheck
{
    /// <summary>The maximum length of a string that is neither an id nor a key, in UTF-8 bytes.</summary>
    public const int MaxTextBytes = 4096;

    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    /// <summary>The reason why a string is not a valid id or key; null if it is valid.</summary>
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

    /// <summary>The reason why a string cannot be stored; null if it can.</summary>
    public static string? FaultOfText(string text, int mostBytes = MaxTextBytes)
    {
        // A UTF-16 code unit takes at most three UTF-8 bytes.
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

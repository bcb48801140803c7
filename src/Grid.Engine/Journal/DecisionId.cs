using System.Diagnostics.CodeAnalysis;

namespace Grid.Engine;

/// <summary>A decision's id is its journal position in text: <c>d-</c> and base 32 (Crockford's digits), so that finding it needs no index.</summary>
internal static class DecisionId
{
    private const string Prefix = "d-";
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int MostDigits = 13;

    public static string Of(long position)
    {
        Span<char> text = stackalloc char[Prefix.Length + MostDigits];
        var at = text.Length;
        for (var rest = (ulong)position; rest != 0 || at == text.Length; rest >>= 5)
        {
            text[--at] = Digits[(int)(rest & 31)];
        }

        at -= Prefix.Length;
        Prefix.CopyTo(text[at..]);
        return new(text[at..]);
    }

    public static bool TryParse([NotNullWhen(true)] string? id, out long position)
    {
        position = 0;
        if (id is null || !id.StartsWith(Prefix, StringComparison.Ordinal) || id.Length is < 3 or > 15)
        {
            return false;
        }

        ulong value = 0;
        foreach (var c in id.AsSpan(Prefix.Length))
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0 || value > ulong.MaxValue >> 5)
            {
                return false;
            }

            value = (value << 5) | (uint)digit;
        }

        position = (long)value;
        return value is > 0 and <= long.MaxValue && id[Prefix.Length] != '0';
    }
}

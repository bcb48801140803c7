using System.Globalization;
using System.Text;

namespace Grid.Gateway.Wire;

/// <summary>Decodes a path segment strictly: invalid UTF-8 is rejected, whereas .NET's own decoder keeps or replaces it.</summary>
internal static class PercentEncoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryDecode(ReadOnlySpan<char> segment, out string decoded)
    {
        decoded = "";
        var bytes = new byte[Strict.GetMaxByteCount(segment.Length)];
        var count = 0;
        try
        {
            for (var i = 0; i < segment.Length; i++)
            {
                if (segment[i] != '%')
                {
                    count += Strict.GetBytes(segment.Slice(i, 1), bytes.AsSpan(count));
                }
                else if (i + 2 < segment.Length && byte.TryParse(segment.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                {
                    bytes[count++] = value;
                    i += 2;
                }
                else
                {
                    return false;
                }
            }

            decoded = Strict.GetString(bytes, 0, count);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

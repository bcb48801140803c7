using System.Text;

namespace Grid.Postgres;

/// <summary>Names and keys that PostgreSQL can hold. One that it cannot would fail everybody's rows in the same flush.</summary>
internal static class LogText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <inheritdoc cref="Check(string, string)"/>
    public static void Check(EntityId entity, string what)
    {
        Check(entity.Kind, what);
        Check(entity.Key, what);
    }

    /// <exception cref="ArgumentException">The text is empty, too long, holds a NUL or half a surrogate pair.</exception>
    public static void Check(string text, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, what);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The {what} holds a NUL character, which PostgreSQL's text cannot hold.", what);
        }

        int bytes;
        try
        {
            bytes = Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw new ArgumentException($"The {what} holds half a surrogate pair; expected whole characters.", what);
        }

        if (bytes > EntityId.MaxKeyBytes)
        {
            throw new ArgumentException($"The {what} has {bytes} bytes in UTF-8; expected up to {EntityId.MaxKeyBytes}.", what);
        }
    }
}

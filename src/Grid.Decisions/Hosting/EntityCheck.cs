using System.Buffers;
using System.Text;

namespace Grid.Decisions.Hosting;

/// <summary>Validates keys and times in calls without an event.</summary>
internal static class EntityCheck
{
    public static ValidationError? FaultOf(string? key)
    {
        var found = key switch
        {
            null or "" => "an empty text",
            { Length: > EntityId.MaxKeyBytes } => $"a text of {key.Length} characters",
            _ when Encoding.UTF8.GetByteCount(key) > EntityId.MaxKeyBytes => $"a text of {Encoding.UTF8.GetByteCount(key)} UTF-8 bytes",
            _ => HasFaultyCharacter(key) ? "a text with control characters or half of a surrogate pair" : null,
        };
        return found is null ? null : new("key", found, $"a text of 1 to {EntityId.MaxKeyBytes} UTF-8 bytes without control characters");
    }

    // The same rules as for events: every key that an event can have can be read, whether or not it contains U+FFFD.
    private static bool HasFaultyCharacter(ReadOnlySpan<char> key)
    {
        while (!key.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(key, out var rune, out var length) != OperationStatus.Done || Rune.IsControl(rune))
            {
                return true;
            }

            key = key[length..];
        }

        return false;
    }

    public static ValidationError? FaultOf(EventTime? at, EventTime latest) =>
        at > latest ? new("at", $"the time {at}, which is too far in the future", $"a time up to {latest}") : null;
}

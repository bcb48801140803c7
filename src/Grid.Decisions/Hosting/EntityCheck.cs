using System.Text;

namespace Grid.Decisions;

/// <summary>Checks of what names an entity and a moment in calls that carry no event.</summary>
internal static class EntityCheck
{
    public static InputFault? FaultOf(string? key)
    {
        var found = key switch
        {
            null or "" => "an empty text",
            { Length: > EntityId.MaxKeyBytes } => $"a text of {key.Length} characters",
            _ when Encoding.UTF8.GetByteCount(key) > EntityId.MaxKeyBytes => $"a text of {Encoding.UTF8.GetByteCount(key)} UTF-8 bytes",
            _ when key.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar) => "a text with control or invalid characters",
            _ => null,
        };
        return found is null ? null : new("key", found, $"a text of 1 to {EntityId.MaxKeyBytes} UTF-8 bytes without control characters");
    }

    public static InputFault? FaultOf(EventTime? at, EventTime latest) =>
        at > latest ? new("at", $"the time {at}, which is too far in the future", $"a time up to {latest}") : null;
}

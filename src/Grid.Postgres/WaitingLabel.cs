namespace Grid.Postgres;

/// <summary>A label that came before its event, and waits for it in the log.</summary>
/// <param name="EventType">The type of the event that it waits for.</param>
/// <param name="IdHash">64 bits of that event's id.</param>
/// <param name="Body">What the label says. Two labels for one event with the same bytes are one.</param>
internal sealed record WaitingLabel(string EventType, ulong IdHash, ReadOnlyMemory<byte> Body);

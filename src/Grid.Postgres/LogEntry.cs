namespace Grid.Postgres;

/// <summary>A row as it is in the log.</summary>
/// <param name="Entity">Whose row it is.</param>
/// <param name="Version">The entity's version that it made.</param>
/// <param name="EventType">The event type's name.</param>
/// <param name="IdHash">64 bits of the event's id. Another id may have the same: who finds a row by it compares the id.</param>
/// <param name="At">The event's own time.</param>
/// <param name="Body">What the row says.</param>
internal sealed record LogEntry(EntityId Entity, long Version, string EventType, ulong IdHash, EventTime At, ReadOnlyMemory<byte> Body);

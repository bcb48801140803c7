namespace Grid.Postgres;

/// <summary>A mark "still to be told" that goes away with the next flush.</summary>
internal readonly record struct PendingMark(EntityId Entity, long Version);

namespace Grid.Postgres;

/// <summary>A row to be appended to an entity's part of the log. Whoever appends it may use its memory again as soon as the call returns.</summary>
internal readonly ref struct LogRow
{
    /// <summary>The entity's version that this row makes: one more than the last, 1 for the first.</summary>
    public required long Version { get; init; }

    /// <summary>The event type's name.</summary>
    public required string EventType { get; init; }

    /// <summary>64 bits of the event's id, by which the row is found again.</summary>
    public required ulong IdHash { get; init; }

    /// <summary>The event's own time.</summary>
    public required EventTime At { get; init; }

    /// <summary>What the row says; the log does not look into it.</summary>
    public required ReadOnlySpan<byte> Body { get; init; }

    /// <summary>The entities that must hear of it: it is put into the inbox of each, in the same transaction. Null of none; not changed until the row is on disk.</summary>
    public IReadOnlyList<EntityId>? Tells { get; init; }

    /// <summary>The rows of others that this one says what they said of: they leave the entity's inbox, in the same transaction. Null of none; not changed until the row is on disk.</summary>
    public IReadOnlyList<RowId>? Takes { get; init; }
}

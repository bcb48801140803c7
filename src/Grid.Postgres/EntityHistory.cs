namespace Grid.Postgres;

/// <summary>What the log holds of an entity, all of one moment: its newest snapshot, the rows after it, and its inbox.</summary>
/// <param name="Entity">Whose history it is.</param>
/// <param name="SnapshotVersion">The version that the snapshot includes; 0 where there is none.</param>
/// <param name="Snapshot">The snapshot's bytes; empty where there is none.</param>
/// <param name="Rows">The rows after the snapshot, by version, with none missing.</param>
/// <param name="Inbox">Rows of others that the entity must hear of and that no row of its own says yet: by their entity, then by version.</param>
internal sealed record EntityHistory(
    EntityId Entity, long SnapshotVersion, ReadOnlyMemory<byte> Snapshot, IReadOnlyList<LogEntry> Rows, IReadOnlyList<LogEntry> Inbox)
{
    /// <summary>The entity's newest version; 0 of an entity that was never seen.</summary>
    public long Version => Rows.Count > 0 ? Rows[^1].Version : SnapshotVersion;
}

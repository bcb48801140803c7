namespace Grid.Postgres;

/// <summary>What the log holds of an entity, all of one moment: its newest snapshot, the rows after it, and the rows not told yet.</summary>
/// <param name="Entity">Whose history it is.</param>
/// <param name="SnapshotVersion">The version that the snapshot includes; 0 where there is none.</param>
/// <param name="Snapshot">The snapshot's bytes; empty where there is none.</param>
/// <param name="Rows">The rows after the snapshot, by version, with none missing.</param>
/// <param name="Untold">The rows, before the snapshot or after it, of which others must still be told, by version.</param>
public sealed record EntityHistory(
    EntityId Entity, long SnapshotVersion, ReadOnlyMemory<byte> Snapshot, IReadOnlyList<LogEntry> Rows, IReadOnlyList<LogEntry> Untold)
{
    /// <summary>The entity's newest version; 0 of an entity that was never seen.</summary>
    public long Version => Rows.Count > 0 ? Rows[^1].Version : SnapshotVersion;
}

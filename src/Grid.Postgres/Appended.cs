namespace Grid.Postgres;

/// <summary>What an append has to say once its row is on disk.</summary>
/// <param name="LabelsWait">
/// Whether labels wait for this row's event type and id hash: read them with <see cref="EventLog.ReadWaitingAsync"/>. A label that is added later
/// is told of the row instead, so the two cannot miss each other.
/// </param>
internal readonly record struct Appended(bool LabelsWait);

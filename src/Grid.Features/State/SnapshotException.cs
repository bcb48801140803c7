namespace Grid.Features.State;

/// <summary>A snapshot is truncated, damaged, or was written under incompatible definitions.</summary>
internal sealed class SnapshotException(string message) : Exception(message);

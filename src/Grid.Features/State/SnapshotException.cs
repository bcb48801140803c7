namespace Grid.Features.State;

/// <summary>A snapshot could not be read: it is cut off, damaged, or was written under definitions that keep something else.</summary>
internal sealed class SnapshotException(string message) : Exception(message);

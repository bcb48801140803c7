namespace Grid.Drills;

/// <summary>A promise was not kept, or the drill itself could not run; the message says which.</summary>
internal sealed class DrillException(string message, Exception? inner = null) : Exception(message, inner);

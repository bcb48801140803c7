namespace Grid.Features.State;

/// <summary>The result of applying an event. The numbers are written to journals: append new ones, never change one.</summary>
internal enum ApplyOutcome : byte
{
    None = 0,

    /// <summary>The event was inserted into the entity's state, in order of event time.</summary>
    Applied = 1,

    /// <summary>The event is at or before the entity's horizon (newest event minus retention); the state is unchanged.</summary>
    TooOld = 2,
}

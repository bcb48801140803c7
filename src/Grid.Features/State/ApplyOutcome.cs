namespace Grid.Features.State;

/// <summary>What became of an event. The numbers are written to journals: add at the end, change none.</summary>
internal enum ApplyOutcome : byte
{
    None = 0,

    /// <summary>It is in the entity's state, wherever its time belongs.</summary>
    Applied = 1,

    /// <summary>It lies at or before the entity's horizon (newest event minus retention) and changed nothing.</summary>
    TooOld = 2,
}

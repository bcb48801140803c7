namespace Grid.Features.State;

/// <summary>What writer and reader of snapshots share; docs/formats/snapshot.md draws the bytes.</summary>
internal static class Snapshot
{
    /// <summary>Of an entity without loaded values. Raise it when the bytes change their meaning, and keep reading the versions before.</summary>
    public const byte Version = 1;

    /// <summary>Of an entity with loaded values, which follow the timelines.</summary>
    public const byte VersionWithBatches = 2;

    /// <summary>Bytes of a loaded value: place of the feature's name (4), known (8), at (8), type (1), value (8).</summary>
    public const int BatchBytes = 29;

    /// <summary>Version (1), fingerprint of the kind (4), length of the whole (4).</summary>
    public const int HeaderBytes = 9;

    public const int ChecksumBytes = 4;

    /// <summary>Bytes of a label: time (8), known (8), key (8), fingerprint (4), column (1), missing (1).</summary>
    public const int LabelBytes = 30;
}

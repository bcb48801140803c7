namespace Grid.Features.State;

/// <summary>Constants shared by the snapshot writer and reader; docs/formats/snapshot.md specifies the format.</summary>
internal static class Snapshot
{
    /// <summary>
    /// Version of an entity without loaded values. Raise it when the meaning of the bytes changes, and keep reading earlier versions.
    /// </summary>
    public const byte Version = 1;

    /// <summary>Version of an entity with loaded values, which follow the timelines.</summary>
    public const byte VersionWithBatches = 2;

    /// <summary>
    /// Bytes of a loaded value: index of the feature's name (4), load time (8), computed-for time (8), type (1), value (8).
    /// </summary>
    public const int BatchBytes = 29;

    /// <summary>Version (1), fingerprint of the kind (4), total length (4).</summary>
    public const int HeaderBytes = 9;

    public const int ChecksumBytes = 4;

    /// <summary>Bytes of a label: time (8), time known (8), key (8), fingerprint (4), column (1), missing (1).</summary>
    public const int LabelBytes = 30;
}

using Grid.Testing;

namespace Grid.Drills;

/// <summary>The fraud bundle with a higher version, another threshold and one more feature, in a folder that goes away with it.</summary>
internal static class ChangedBundle
{
    public const string Version = "1.1.0";

    /// <summary>A feature of cards that only the changed bundle has; its window holds every payment of a drill.</summary>
    public const string Feature = "tx_count_14d";

    public static BundleFolder Make() => BundleFolder.Of("fraud")
        .Replace("version: 1.0.0\n", $"version: {Version}\n")
        .Replace("  card:\n", $"  card:\n    {Feature}: {{ count: transaction, window: 14d }}\n")
        .Replace("- review: \"score >= 0.016\"", "- review: \"score >= 0.020\"");
}

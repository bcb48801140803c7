using Grid.Testing;

namespace Grid.Drills;

/// <summary>The fraud bundle with a higher version, another threshold and one more feature, in a folder that goes away with it.</summary>
internal sealed class ChangedBundle : IDisposable
{
    public const string Version = "1.1.0";

    /// <summary>A feature of cards that only the changed bundle has; its window holds every payment of a drill.</summary>
    public const string Feature = "tx_count_14d";

    private ChangedBundle(string folder) => Folder = folder;

    public string Folder { get; }

    public static ChangedBundle Make()
    {
        var folder = Directory.CreateTempSubdirectory("grid-bundle-").FullName;
        var source = Repository.Bundle("fraud");
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        foreach (var model in Directory.EnumerateFiles(Path.Combine(source, "models"), "*.onnx"))
        {
            File.Copy(model, Path.Combine(folder, "models", Path.GetFileName(model)));
        }

        var text = File.ReadAllText(Path.Combine(source, "bundle.yaml"));
        text = Replace(text, "version: 1.0.0\n", $"version: {Version}\n");
        text = Replace(text, "  card:\n", $"  card:\n    {Feature}: {{ count: transaction, window: 14d }}\n");
        text = Replace(text, "- review: \"score >= 0.016\"", "- review: \"score >= 0.020\"");
        File.WriteAllText(Path.Combine(folder, "bundle.yaml"), text);
        return new(folder);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Replace(string text, string old, string @new) =>
        text.Split(old).Length == 2 ? text.Replace(old, @new, StringComparison.Ordinal) : throw new DrillException($"The fraud bundle has no single '{old.Trim()}' to change.");
}

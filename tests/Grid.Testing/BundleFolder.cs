namespace Grid.Testing;

/// <summary>A bundle's folder made for one test, gone with it.</summary>
public sealed class BundleFolder : IDisposable
{
    private const string Definitions = "bundle.yaml";

    public BundleFolder(params IEnumerable<(string Name, string Text)> files)
    {
        Path = Directory.CreateTempSubdirectory("grid-bundle-").FullName;
        Write(files);
    }

    /// <summary>A folder with one file of definitions.</summary>
    public BundleFolder(string definitions)
        : this((Definitions, definitions))
    {
    }

    public string Path { get; }

    /// <summary>A copy of the definitions and the models of a bundle that ships, such as <c>fraud</c>.</summary>
    public static BundleFolder Of(string bundle)
    {
        var (from, folder) = (Repository.Bundle(bundle), new BundleFolder());
        foreach (var file in Directory.EnumerateFiles(from, "*.yaml").Concat(Directory.EnumerateFiles(System.IO.Path.Combine(from, "models"), "*.onnx")))
        {
            folder.Copy(file, System.IO.Path.GetRelativePath(from, file));
        }

        return folder;
    }

    /// <summary>Adds one of the models that tests are made with, as <c>models/NAME.onnx</c>.</summary>
    /// <param name="model">Which one, such as <c>logistic</c>.</param>
    /// <param name="name">What the bundle calls its file; as the model is called where it is null.</param>
    public BundleFolder AddModel(string model, string? name = null)
    {
        Copy(Repository.Model(model), $"models/{name ?? model}.onnx");
        return this;
    }

    /// <summary>Puts a text in place of another.</summary>
    /// <exception cref="ArgumentException">The text is not in the file: a test that changes nothing would test nothing.</exception>
    public BundleFolder Replace(string old, string @new, string file = Definitions)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(Path, file));
        if (!text.Contains(old, StringComparison.Ordinal))
        {
            throw new ArgumentException($"There is no '{old.Trim()}' in {file}.", nameof(old));
        }

        Write((file, text.Replace(old, @new, StringComparison.Ordinal)));
        return this;
    }

    public void Write(params IEnumerable<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
        {
            File.WriteAllText(PlaceOf(name), text);
        }
    }

    public void Copy(string from, string name) => File.Copy(from, PlaceOf(name), overwrite: true);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string PlaceOf(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }
}

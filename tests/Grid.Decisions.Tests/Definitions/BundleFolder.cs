namespace Grid.Decisions.Tests.Definitions;

/// <summary>A bundle's folder made for one test, gone with it.</summary>
internal sealed class BundleFolder : IDisposable
{
    public BundleFolder(params IEnumerable<(string Name, string Text)> files)
    {
        Path = Directory.CreateTempSubdirectory("grid-bundle-").FullName;
        Write(files);
    }

    public string Path { get; }

    public void Write(params IEnumerable<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
        {
            var path = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    public void Copy(string from, string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.Copy(from, path, overwrite: true);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

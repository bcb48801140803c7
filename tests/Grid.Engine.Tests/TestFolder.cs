namespace Grid.Engine.Tests;

/// <summary>A data folder of its own, gone when the test ends.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Path = Directory.CreateTempSubdirectory("grid-engine-").FullName;

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "journal.db");

    public EngineOptions Options(Action<EngineOptions>? configure = null)
    {
        var options = new EngineOptions { Folder = Path, Shards = 8, CheckpointEvery = TimeSpan.FromHours(1) };
        configure?.Invoke(options);
        return options;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A grid that a failed test left open holds it; the test has failed already.
        }
    }
}

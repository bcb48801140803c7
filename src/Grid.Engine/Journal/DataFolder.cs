namespace Grid.Engine;

/// <summary>
/// The data folder, held by this process alone for as long as the object lives. The lock is the operating system's, so a killed process leaves
/// none behind.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "journal.db");

    public string Mark => System.IO.Path.Combine(Path, "journal.mark");

    /// <exception cref="JournalException">Another process uses the folder, or it cannot be made.</exception>
    public static DataFolder Take(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(path);
            var file = System.IO.Path.Combine(path, "grid.lock");
            return new(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The data folder '{path}' cannot be taken: {e.Message} One process uses a data folder at a time; stop the other one, "
                + "or give this one a folder of its own (Grid:Engine:Folder).", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}

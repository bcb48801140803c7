namespace Grid.Engine;

/// <summary>
/// The data folder cannot be used: it is in use by another process, of a newer format, or corrupt. The message names the folder and the place,
/// and says what to do.
/// </summary>
public sealed class JournalException : Exception
{
    public JournalException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The first position that cannot be read, where the journal is corrupt; 0 otherwise.</summary>
    public long Position { get; init; }

    /// <summary>Whether what is stored is not what was written.</summary>
    public bool IsCorrupt { get; init; }

    internal static JournalException Corrupt(string file, long position, string what, Exception? inner = null) =>
        new($"The journal '{file}' is corrupt from position {position} on: {what}. Nothing of it was taken as data. "
            + "Restore the folder from a copy, or set Grid:Engine:CutCorruptTail to open it without its corrupt end.", inner)
        {
            Position = position,
            IsCorrupt = true,
        };
}

using System.IO.MemoryMappedFiles;

namespace Grid.Engine;

/// <summary>
/// The last position that was committed, in a small mapped file beside the database. SQLite drops the end of its write-ahead log without a word
/// where a checksum in it does not fit; the mark is how that is noticed. It is written after each commit, by two plain stores, so it is
/// never ahead of the journal, and it survives a killed process; after a power cut it may be behind, which only makes it say less.
/// </summary>
internal sealed class DurableWatermark : IDisposable
{
    private const int Size = 4096;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public DurableWatermark(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Size, MemoryMappedFileAccess.ReadWrite);
        _view = _file.CreateViewAccessor(0, Size, MemoryMappedFileAccess.ReadWrite);
    }

    /// <summary>The mark; 0 of a new file. Of its two copies the lesser counts: a crash between the stores, or a flipped bit, must not make it say too much.</summary>
    public long Read()
    {
        var (first, second) = (_view.ReadInt64(0), ~_view.ReadInt64(8));
        return first == 0 && second == -1 ? 0 : Math.Max(0, Math.Min(first, second));
    }

    public void Write(long position)
    {
        _view.Write(0, position);
        _view.Write(8, ~position);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}

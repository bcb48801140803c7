namespace Grid.Features.State;

/// <summary>The contiguous pieces of one size, on pages of equal length.</summary>
internal sealed unsafe class SizeClass(int bytes, int pageBytes)
{
    private readonly int _perPage = pageBytes / bytes;
    private readonly List<nint> _pages = new(8);
    private int _used;

    public int Bytes => bytes;

    public IReadOnlyList<nint> Pages => _pages;

    public bool IsFull => _pages.Count == 0 || _used == _perPage;

    /// <summary>The last piece. Requires at least one.</summary>
    public byte* Last => (byte*)_pages[^1] + ((_used - 1) * (nint)bytes);

    public void Add(nint page)
    {
        _pages.Add(page);
        _used = 0;
    }

    public byte* Take() => (byte*)_pages[^1] + (_used++ * (nint)bytes);

    /// <summary>Removes the last piece; returns its page if that is now empty, else 0.</summary>
    public nint Drop()
    {
        if (--_used > 0)
        {
            return 0;
        }

        var page = _pages[^1];
        _pages.RemoveAt(_pages.Count - 1);
        _used = _pages.Count == 0 ? 0 : _perPage;
        return page;
    }
}

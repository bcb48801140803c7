using System.Runtime.InteropServices;

namespace Grid.Features.State;

/// <summary>
/// Allocates native memory in small movable pieces. A piece keeps its handle when it is resized or moved; its first four bytes are reserved
/// for that handle. Pieces of a size class are contiguous: freeing one moves the last piece of its class into the gap, so memory use
/// follows the live data and does not fragment. In return, an address is valid only until the next call that allocates, resizes or frees.
/// </summary>
/// <remarks>A managed object per piece would cost 24 bytes each and garbage collector work for millions of objects.</remarks>
internal sealed unsafe class Arena : IDisposable
{
    /// <summary>Reserved bytes at the start of each piece.</summary>
    public const int Reserved = sizeof(int);

    private const int PageBytes = 1 << 16;
    private const int SparePages = 16;

    // Packed values are read eight bytes at a time, so reading the last one of a page goes past the page's end.
    private const int Tail = 16;

    private readonly SizeClass[] _classes = new SizeClass[SizeClasses.Count];
    private readonly Stack<nint> _spare = new();
    private byte** _table;
    private int _tableLength;
    private int _tableUsed = 1;
    private int _freeHandle;
    private long _bytes;

    public Arena()
    {
        for (var i = 0; i < _classes.Length; i++)
        {
            _classes[i] = new(SizeClasses.Bytes(i), PageBytes);
        }

        GrowTable();
    }

    ~Arena() => Release();

    /// <summary>Native bytes allocated.</summary>
    public long AllocatedBytes => _bytes;

    /// <summary>One more than the greatest handle ever allocated.</summary>
    public int HandleLimit => _tableUsed;

    /// <summary>Whether the handle refers to a live piece.</summary>
    public bool IsLive(int handle) => (uint)(handle - 1) < (uint)(_tableUsed - 1) && ((nint)_table[handle] & 1) == 0;

    /// <summary>The address of a piece, valid until the next change.</summary>
    public byte* this[int handle]
    {
        get
        {
            System.Diagnostics.Debug.Assert(IsLive(handle), "The handle names no piece.");
            return _table[handle];
        }
    }

    /// <summary>Allocates a piece of at least <paramref name="bytes"/> bytes. Contents after the reserved bytes are undefined.</summary>
    public int Allocate(int bytes)
    {
        var piece = Take(bytes);
        var handle = TakeHandle();
        _table[handle] = piece;
        *(int*)piece = handle;
        return handle;
    }

    /// <summary>
    /// Resizes a piece and keeps as much of its contents as fits. <paramref name="oldBytes"/> and <paramref name="bytes"/> are the
    /// requested sizes before and after.
    /// </summary>
    public byte* Resize(int handle, int oldBytes, int bytes)
    {
        var old = this[handle];
        if (SizeClasses.Capacity(oldBytes) == SizeClasses.Capacity(bytes))
        {
            return old;
        }

        var piece = Take(bytes);
        var kept = Math.Min(oldBytes, bytes);
        Buffer.MemoryCopy(old, piece, kept, kept);
        _table[handle] = piece;
        Give(old, oldBytes);

        // Moving the last piece of the old class cannot move the new piece: the two sizes are in different classes.
        return _table[handle];
    }

    /// <summary>Frees a piece that was requested with <paramref name="bytes"/> bytes.</summary>
    public void Free(int handle, int bytes)
    {
        var piece = this[handle];
        _table[handle] = (byte*)(((nint)_freeHandle << 1) | 1);
        _freeHandle = handle;
        Give(piece, bytes);
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private byte* Take(int bytes)
    {
        var number = SizeClasses.Of(bytes);
        if (number < 0)
        {
            var large = SizeClasses.Capacity(bytes) + Tail;
            _bytes += large;
            return (byte*)NativeMemory.Alloc((nuint)large);
        }

        var pieces = _classes[number];
        if (pieces.IsFull)
        {
            pieces.Add(_spare.Count > 0 ? _spare.Pop() : NewPage());
        }

        return pieces.Take();
    }

    private void Give(byte* piece, int bytes)
    {
        var number = SizeClasses.Of(bytes);
        if (number < 0)
        {
            _bytes -= SizeClasses.Capacity(bytes) + Tail;
            NativeMemory.Free(piece);
            return;
        }

        var pieces = _classes[number];
        var last = pieces.Last;
        if (last != piece)
        {
            Buffer.MemoryCopy(last, piece, pieces.Bytes, pieces.Bytes);
            _table[*(int*)piece] = piece;
        }

        var emptied = pieces.Drop();
        if (emptied != 0)
        {
            GivePage(emptied);
        }
    }

    private nint NewPage()
    {
        _bytes += PageBytes + Tail;
        return (nint)NativeMemory.Alloc(PageBytes + Tail);
    }

    private void GivePage(nint page)
    {
        if (_spare.Count < SparePages)
        {
            _spare.Push(page);
            return;
        }

        _bytes -= PageBytes + Tail;
        NativeMemory.Free((void*)page);
    }

    private int TakeHandle()
    {
        if (_freeHandle != 0)
        {
            var handle = _freeHandle;
            _freeHandle = (int)((nint)_table[handle] >> 1);
            return handle;
        }

        if (_tableUsed == _tableLength)
        {
            GrowTable();
        }

        return _tableUsed++;
    }

    private void GrowTable()
    {
        var length = Math.Max(256, _tableLength + (_tableLength / 8));
        _table = (byte**)NativeMemory.Realloc(_table, (nuint)length * (nuint)sizeof(byte*));
        _bytes += (long)(length - _tableLength) * sizeof(byte*);
        _tableLength = length;
    }

    private void Release()
    {
        if (_table is null)
        {
            return;
        }

        FreeLargePieces();
        foreach (var pieces in _classes)
        {
            foreach (var page in pieces.Pages)
            {
                NativeMemory.Free((void*)page);
            }
        }

        foreach (var page in _spare)
        {
            NativeMemory.Free((void*)page);
        }

        NativeMemory.Free(_table);
        _table = null;
        _tableUsed = 1;
        _bytes = 0;
    }

    private void FreeLargePieces()
    {
        var paged = new HashSet<nint>();
        foreach (var pieces in _classes)
        {
            paged.UnionWith(pieces.Pages);
        }

        var starts = paged.Order().ToArray();
        for (var handle = 1; handle < _tableUsed; handle++)
        {
            var piece = (nint)_table[handle];
            if ((piece & 1) != 0)
            {
                continue;
            }

            var at = Array.BinarySearch(starts, piece);
            at = at >= 0 ? at : ~at - 1;
            if (at < 0 || piece >= starts[at] + PageBytes)
            {
                NativeMemory.Free((void*)piece);
            }
        }
    }
}
